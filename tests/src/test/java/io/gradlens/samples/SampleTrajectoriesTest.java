package io.gradlens.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradlens.field.FieldFile;
import io.gradlens.samples.SampleTrajectories.Observed;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.junit.jupiter.api.Test;

/** The committed trajectories are those that the generator makes. */
class SampleTrajectoriesTest {

  private static final Path FOLDER = DataSamplesTest.ROOT.resolve(WriteTrajectories.FOLDER);

  @Test
  void spiralsAreThoseOfTheGenerator() throws Exception {
    Path file = FOLDER.resolve("spirals.parquet").toAbsolutePath();
    try (ParquetReader<Group> rows =
        ParquetReader.builder(new GroupReadSupport(), new org.apache.hadoop.fs.Path(file.toUri()))
            .build()) {
      for (Observed spiral : SampleTrajectories.spirals()) {
        Group row = NestedFile.row(spiral.id(), spiral.times(), spiral.states());
        assertThat(rows.read()).hasToString(row.toString());
      }
      assertThat(rows.read()).isNull();
    }
  }

  @Test
  void preyAndPredatorsAreThoseOfTheGenerator() throws Exception {
    assertThat(Files.readString(FOLDER.resolve("prey-and-predators.csv")))
        .isEqualTo(WriteTrajectories.csv(SampleTrajectories.preyAndPredators()));
  }

  @Test
  void fieldFilesAreReadable() {
    assertThat(FieldFile.read(FOLDER.resolve("network/field.json")).field().theta())
        .isEqualTo(SampleTrajectories.theta());
    assertThat(FieldFile.read(FOLDER.resolve("ball.conf")).events()).hasSize(1);
    assertThat(FieldFile.read(FOLDER.resolve("prey-and-predators.conf")).field().parameterNames())
        .containsExactly("alpha", "beta", "delta", "gamma");
  }
}
