package io.gradlens.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The output's disk runs out of space in mid-run. */
class FullDiskTest {

  private static final int IMAGES = 40;

  @TempDir private Path folder;

  @Test
  void runStopsWithOneLineAndGoesOnOnceThereIsSpace() throws Exception {
    CommandLine.assumePackaged();
    Path disk = folder.resolve("disk");
    List<String> args =
        List.of(
            "explain",
            "--images",
            SmallCnn.pictures(folder.resolve("images"), IMAGES).toString(),
            "--model",
            SmallCnn.write(folder.resolve("small.zip")).toString(),
            "--input-size",
            "32x32",
            "--preprocess",
            "unit",
            "--shard-size",
            "5",
            "--output",
            FullFiles.uri(disk.resolve("out")));
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate();
    try {
      spark.sparkContext().setLogLevel("ERROR");
      Explained out = new Explained(spark, disk.resolve("out"));

      CommandLine.Result full = CommandLine.submit(folder, FullFiles.settings(disk, 150_000), args);

      assertThat(full.status()).as(full.err()).isEqualTo(2);
      assertThat(full.err().lines().filter(line -> line.startsWith("gradlens: ")).toList())
          .singleElement()
          .asString()
          .contains("no space for output full:", "No space left on device", "Make room");
      assertThat(out.record().get("status").asText()).isEqualTo("FAILED");
      assertThat(out.record().get("error").asText()).contains("no space for output full:");
      int done = out.record().get("counts").get("ok").asInt();
      assertThat(done).isBetween(5, IMAGES - 5);
      assertThat(out.content()).hasSize(done);

      CommandLine.Result roomy =
          CommandLine.submit(folder, FullFiles.settings(disk, 100_000_000), args);

      assertThat(roomy.status()).as(roomy.err()).isZero();
      assertThat(out.content()).hasSize(IMAGES);
      assertThat(out.failures()).isEmpty();
      assertThat(out.record().get("status").asText()).isEqualTo("DONE");
      assertThat(out.record().get("counts").get("ok").asInt()).isEqualTo(IMAGES);
      assertThat(out.record().get("counts").get("skipped").asInt()).isEqualTo(done);
    } finally {
      spark.stop();
    }
  }
}
