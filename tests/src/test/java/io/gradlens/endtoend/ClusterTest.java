package io.gradlens.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradlens.endtoend.StandaloneCluster.DeployMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Commands submitted to a cluster whose processes know each other by a secret. */
class ClusterTest {

  private static final Map<String, String> SECRET =
      Map.of("spark.authenticate", "true", "spark.authenticate.secret", "only the tests know");

  private static StandaloneCluster cluster;

  @TempDir private Path folder;

  @BeforeAll
  static void startCluster() throws Exception {
    CommandLine.assumePackaged();
    cluster = StandaloneCluster.start("commands", 2, SECRET);
  }

  @AfterAll
  static void stopCluster() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @ParameterizedTest
  @EnumSource(names = "CLIENT")
  void explain(DeployMode mode) throws Exception {
    CommandLine.Result result =
        cluster.submit(
            mode,
            folder,
            SECRET,
            List.of(
                "explain",
                "--images",
                SmallCnn.pictures(folder.resolve("images"), 12).toString(),
                "--model",
                SmallCnn.write(folder.resolve("small.zip")).toString(),
                "--input-size",
                "32x32",
                "--preprocess",
                "unit",
                "--output",
                folder.resolve("out").toString()));
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(folder.resolve("out/run.json")).exists();
  }
}
