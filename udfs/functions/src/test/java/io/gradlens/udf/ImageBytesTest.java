package io.gradlens.udf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageBytesTest {

  private static SparkSession spark;
  private static ImageBytes bytes;

  @TempDir private Path folder;

  @BeforeAll
  static void startSpark() {
    spark =
        SparkSession.builder().master("local[1]").config("spark.ui.enabled", "false").getOrCreate();
    bytes = ImageBytes.in(spark);
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

  private static Row image(Path file) {
    Object[] values = {file.toUri().toString(), null, null};
    return new GenericRowWithSchema(values, Schemas.IMAGES);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3_000_000})
  void filesAreReadToTheirEnd(int length) throws Exception {
    byte[] content = new byte[length];
    new Random(length).nextBytes(content);
    Path file = Files.write(folder.resolve("picture"), content);

    assertThat(bytes.of(image(file))).isEqualTo(content);
  }

  @Test
  void filesThatNoPictureHasAreNotRead() throws Exception {
    Path file = folder.resolve("huge");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength((1L << 30) + 1);
    }

    assertThatThrownBy(() -> bytes.of(image(file)))
        .isInstanceOf(ImageFailure.class)
        .hasMessageContaining("1073741825 bytes, more than 1073741824");
  }

  /** Hadoop writes them; who has them wants them checked. */
  @Test
  void aChecksumBesideTheFileIsChecked() throws Exception {
    var file = new org.apache.hadoop.fs.Path(folder.resolve("picture").toUri());
    var files = FileSystem.getLocal(new Configuration());
    try (var out = files.create(file)) {
      out.write(new byte[1000]);
    }
    assertThat(folder.resolve(".picture.crc")).exists();
    Path picture = folder.resolve("picture");
    assertThat(bytes.of(image(picture))).hasSize(1000);

    Files.write(picture, new byte[] {1}, StandardOpenOption.WRITE);

    assertThatThrownBy(() -> bytes.of(image(picture)))
        .isInstanceOf(ImageFailure.class)
        .hasMessageContaining("Checksum error");
  }

  @Test
  void contentOfTheRowComesFirst() throws Exception {
    Row row =
        new GenericRowWithSchema(new Object[] {"nowhere", new byte[] {1, 2}, null}, Schemas.IMAGES);

    assertThat(bytes.of(row)).containsExactly(1, 2);
  }
}
