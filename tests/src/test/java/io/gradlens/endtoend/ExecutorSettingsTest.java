package io.gradlens.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users never type reaches an executor that is a process of its own. */
class ExecutorSettingsTest {

  @TempDir private Path folder;

  @Test
  void tasksFindTheModuleTheMemoryLimitsAndOneNativeThread() throws Exception {
    CommandLine.assumePackaged();
    Path classes =
        Path.of(SettingsProbe.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path probe = folder.resolve("probe");

    CommandLine.Result result =
        CommandLine.submitToCluster(
            folder,
            classes,
            Map.of("spark.plugins", SettingsProbe.class.getName(), SettingsProbe.FILE, "" + probe),
            List.of(
                "explain",
                "--images",
                SmallCnn.pictures(folder.resolve("images"), 5).toString(),
                "--model",
                SmallCnn.write(folder.resolve("small.zip")).toString(),
                "--input-size",
                "32x32",
                "--preprocess",
                "unit",
                "--labels",
                "none",
                "--output",
                folder.resolve("out").toString()));

    assertThat(result.status()).as(result.err()).isZero();
    assertThat(Files.readAllLines(probe))
        .contains(
            "OMP_NUM_THREADS 1",
            "MALLOC_ARENA_MAX 2",
            "vector true",
            "maxbytes 8g",
            "maxphysicalbytes 0",
            "native threads 1")
        .anyMatch(
            line ->
                line.startsWith("arguments ")
                    && line.contains("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED"));
  }
}
