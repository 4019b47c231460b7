package io.gradlens.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradlens.udf.Schemas;
import io.gradlens.udf.TestPictures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With {@code --redact-paths} no byte that a command leaves has the name of a file. */
class RedactionTest {

  private static final String NAME = "patient Mustermann";

  private Workspace work;

  @BeforeEach
  void prepare(@TempDir Path folder) throws Exception {
    work = new Workspace(folder);
    for (int i = 0; i < 6; i++) {
      work.write("%s/%s-%d.png".formatted(i % 2 == 0 ? "a" : "b", NAME, i), TestPictures.noise(i));
    }
    work.write("a/" + NAME + "-broken.png", new byte[] {1, 2, 3});
    Path gone = work.images.resolve("b/" + NAME + "-gone.png");
    Files.createSymbolicLink(gone, Path.of("/no/such/" + NAME));
  }

  @AfterEach
  void giveModelBack() {
    work.close();
  }

  /** The command prints nothing, and leaves no file and no row, that has the name. */
  private void requireNameless(String... tables) throws IOException {
    assertThat(work.out + work.err).doesNotContain("Mustermann");
    try (var files = Files.walk(work.output)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(file.getFileName().toString()).doesNotContain("Mustermann");
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain("Mustermann");
      }
    }
    for (String table : tables) {
      List<Row> rows =
          Workspace.spark().read().parquet(work.output.resolve(table).toString()).collectAsList();
      assertThat(rows).as(table).isNotEmpty();
      assertThat(rows.toString()).as(table).doesNotContain("Mustermann").doesNotContain("/no/such");
    }
  }

  @Test
  void explainLeavesNoNameNotEvenInTheEventLog() throws Exception {
    Path log = work.folder.resolve("log");
    try (SparkSettings events = EventLog.on(log)) {
      int status = work.explain("--redact-paths", "--max-failure-fraction", "1");
      assertThat(status).as(work.err).isZero();
    }
    requireNameless("explanations", "failures");
    assertThat(work.failures())
        .extracting(row -> row.<String>getAs(Schemas.STAGE))
        .containsExactlyInAnyOrder("decode", "read");
    assertThat(new EventLog(log).lines()).hasSizeGreaterThan(10);
    assertThat(String.join("\n", new EventLog(log).lines())).doesNotContain("Mustermann");

    assertThat(work.explain("--redact-paths", "--retry-failures")).isEqualTo(4);
    requireNameless("explanations", "failures");
  }

  @Test
  void packLeavesNoName() throws Exception {
    int status =
        work.run(
            "pack",
            "--images",
            work.images.toString(),
            "--output",
            work.output.toString(),
            "--redact-paths",
            "--max-failure-fraction",
            "1");
    assertThat(status).as(work.err).isZero();
    requireNameless("images", "failures");
    assertThat(work.record().counts.failed()).isEqualTo(1);
  }

  @Test
  void trainLeavesNoName() throws Exception {
    int status =
        work.run(
            "train",
            "--images",
            work.images.toString(),
            "--output",
            work.output.toString(),
            "--master",
            "local[2]",
            "--preprocess",
            "unit",
            "--input-size",
            "16x16",
            "--architecture",
            "lenet",
            "--epochs",
            "1",
            "--validation-fraction",
            "0",
            "--redact-paths",
            "--max-failure-fraction",
            "1");
    assertThat(status).as(work.err).isZero();
    requireNameless("failures", "metrics");
    assertThat(work.record().counts.failed()).isEqualTo(2);
  }

  @Test
  void bugIsToldWithoutWhatItSays() throws Exception {
    work.network.beforeForward =
        () -> {
          throw new IllegalStateException("cannot see " + NAME);
        };

    assertThat(work.explain("--redact-paths")).isEqualTo(ExitStatus.INTERNAL_ERROR);

    requireNameless();
    assertThat(work.err)
        .contains("SparkException\n", "Caused by: java.lang.IllegalStateException\n");
    assertThat(work.record().error).isEqualTo("org.apache.spark.SparkException");
  }

  @Test
  void mistakesInTheDataAreToldWithoutTheirNames() throws Exception {
    String table = work.folder.resolve("table").toString();
    Row twice = RowFactory.create(NAME, TestPictures.noise(1), null);
    Workspace.spark().createDataFrame(List.of(twice, twice), Schemas.IMAGES).write().parquet(table);
    requireNamelessMistake("has a path 2 times", "--images", table);

    Path labels = Files.writeString(work.folder.resolve("labels.csv"), NAME + "\n");
    requireNamelessMistake("a line is not path,label", "--labels", labels.toString());

    Path cut = Files.createDirectories(work.folder.resolve("cut"));
    Files.writeString(cut.resolve(NAME + ".parquet"), "no table");
    assertThat(work.run(gradients(cut, "--redact-paths"))).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(work.err)
        .contains("1 of its 1 files cannot")
        .doesNotContain("Mustermann")
        .hasLineCount(1);
    assertThat(work.run(gradients(cut, "--verbose=false"))).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(work.err).as("else this shows nothing").contains("Mustermann");
  }

  private void requireNamelessMistake(String mistake, String... options) {
    int named = work.explain(ExplainCommandTest.withMore(options, "--overwrite"));
    assertThat(named).as(work.err).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(work.err).as("else this shows nothing").contains("Mustermann");

    int redacted = work.explain(ExplainCommandTest.withMore(options, "--redact-paths"));
    assertThat(redacted).as(work.err).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(work.err).contains(mistake).doesNotContain("Mustermann").hasLineCount(1);
  }

  private String[] gradients(Path table, String option) throws IOException {
    Path field = new TrajectoryWorkspace(work.folder).network();
    return new String[] {
      "ode-gradients",
      "--field",
      field.toString(),
      "--trajectories",
      table.toString(),
      "--rtol",
      "1e-6",
      "--atol",
      "1e-8",
      "--output",
      work.output.toString(),
      option
    };
  }
}
