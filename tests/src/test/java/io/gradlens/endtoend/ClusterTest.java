package io.gradlens.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradlens.endtoend.StandaloneCluster.DeployMode;
import io.gradlens.jobs.Gradlens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.zip.ZipFile;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Commands on a cluster whose processes know each other by a secret, in client and in cluster mode,
 * against the same commands in {@code local[2]}.
 */
class ClusterTest {

  private static final Map<String, String> SECRET =
      Map.of("spark.authenticate", "true", "spark.authenticate.secret", "only the tests know");

  @TempDir private static Path folder;

  private static StandaloneCluster cluster;
  private static SparkSession spark;

  @BeforeAll
  static void startCluster() throws Exception {
    CommandLine.assumePackaged();
    SmallCnn.write(folder.resolve("small.zip"));
    SmallCnn.pictures(folder.resolve("images"), 12);
    Files.write(folder.resolve("images/bad.png"), new byte[] {1, 2, 3});
    SmallCnn.pictures(folder.resolve("classes/one"), 8);
    SmallCnn.pictures(folder.resolve("classes/other"), 8);
    assertThat(locally(explain("local-explain"))).isEqualTo(4);
    assertThat(locally(odeGradients("local-ode-gradients"))).isZero();
    assertThat(locally(odeTrain("local-ode-train"))).isZero();
    assertThat(locally(train("local-train"))).isZero();
    spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate();
    spark.sparkContext().setLogLevel("ERROR");
    Map<String, String> settings = new TreeMap<>(SECRET);
    settings.put("spark.worker.resource.gpu.amount", "2");
    settings.put("spark.worker.resource.gpu.discoveryScript", discovery().toString());
    cluster = StandaloneCluster.start("commands", 2, settings);
  }

  @AfterAll
  static void stopCluster() {
    if (cluster != null) {
      cluster.close();
    }
    if (spark != null) {
      spark.stop();
    }
  }

  /** Ours, on a machine whose nvidia-smi tells of two GPUs. */
  private static Path discovery() throws IOException {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    script(bin.resolve("nvidia-smi"), "printf '3\\n5\\n'");
    Path ours = CommandLine.root().resolve("conf/gpu-discovery.sh");
    return script(folder.resolve("discovery"), "PATH=%s:$PATH exec %s".formatted(bin, ours));
  }

  private static Path script(Path file, String line) throws IOException {
    Files.writeString(file, "#!/usr/bin/env bash\n" + line + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static int locally(List<String> args) {
    List<String> local = new ArrayList<>(args);
    local.addAll(List.of("--master", "local[2]"));
    return Gradlens.run(local.toArray(String[]::new));
  }

  /**
   * Two shards, the first of which has two batches and so a task for each executor; one picture of
   * thirteen is broken, more than is allowed by default.
   */
  private static List<String> explain(String output) {
    return args(
        "explain --images %s --model %s --input-size 32x32 --preprocess unit --shard-size 9",
        output, folder.resolve("images"), folder.resolve("small.zip"));
  }

  private static List<String> odeGradients(String output) {
    Path samples = CommandLine.root().resolve("data-samples/trajectories");
    return args(
        "ode-gradients --field %s --trajectories %s --rtol 1e-6 --atol 1e-8 --grad-theta",
        output, samples.resolve("network/field.json"), samples.resolve("spirals.parquet"));
  }

  private static List<String> odeTrain(String output) {
    Path samples = CommandLine.root().resolve("data-samples/trajectories");
    return args(
        "ode-train --field %s --trajectories %s --rtol 1e-5 --atol 1e-7 --window 8 --batch 64"
            + " --block-size 4 --iterations 10 --train-on executors --partitions 4",
        output, samples.resolve("lotka-volterra.conf"), samples.resolve("lotka-volterra.csv"));
  }

  private static List<String> train(String output) {
    return args(
        "train --images %s --architecture lenet --input-size 32x32 --preprocess unit --workers 2"
            + " --batch-size 2 --averaging-frequency 2 --epochs 2 --validation-fraction 0.25",
        output, folder.resolve("classes"));
  }

  private static List<String> args(String options, String output, Object... values) {
    List<String> args = new ArrayList<>(List.of(options.formatted(values).split(" ")));
    args.addAll(List.of("--output", folder.resolve(output).toString()));
    return args;
  }

  @ParameterizedTest
  @EnumSource
  void explainsToTheRowsOfLocalMode(DeployMode mode) throws Exception {
    String output = mode.option() + "-explain";
    Path events = Files.createDirectories(folder.resolve(mode.option() + "-events"));
    Map<String, String> settings = new TreeMap<>(SECRET);
    settings.put("spark.eventLog.enabled", "true");
    settings.put("spark.eventLog.dir", events.toUri().toString());

    CommandLine.Result result = cluster.submit(mode, folder, settings, explain(output));

    assertThat(same("explanations", output, "local-explain", "run_id", "attempt")).hasSize(12);
    assertThat(same("failures", output, "local-explain", "run_id", "attempt")).hasSize(1);
    assertThat(run(output, "exit_status").asInt()).isEqualTo(4);
    if (mode == DeployMode.CLIENT) {
      assertThat(result.status()).as(result.err()).isEqualTo(4);
    } else {
      assertThat(driverState()).isEqualTo("FAILED");
    }
    assertThat(Gradlens.run("status", folder.resolve(output).toString())).isEqualTo(4);
    assertThat(jobs(events)).contains("explain shard 1 of 2", "explain shard 2 of 2");
  }

  @ParameterizedTest
  @EnumSource
  void differentiatesToTheRowsOfLocalMode(DeployMode mode) throws Exception {
    String output = submit(mode, "ode-gradients", odeGradients(mode.option() + "-ode-gradients"));

    assertThat(same("trajectory_gradients", output, "local-ode-gradients", "run_id")).hasSize(64);
  }

  @ParameterizedTest
  @EnumSource
  void fitsAFieldToTheBitsOfLocalMode(DeployMode mode) throws Exception {
    String output = submit(mode, "ode-train", odeTrain(mode.option() + "-ode-train"));

    assertThat(folder.resolve(output).resolve("field.json"))
        .hasSameBinaryContentAs(folder.resolve("local-ode-train/field.json"));
    assertThat(same("history", output, "local-ode-train", "seconds")).hasSize(10);
  }

  @ParameterizedTest
  @EnumSource
  void trainsToTheWeightsOfLocalMode(DeployMode mode) throws Exception {
    String output = submit(mode, "train", train(mode.option() + "-train"));

    assertThat(weights(output)).isEqualTo(weights("local-train"));
    assertThat(same("history", output, "local-train", "seconds", "images_per_second")).hasSize(2);
    assertThat(same("metrics", output, "local-train")).isNotEmpty();
    assertThat(same("confusion", output, "local-train")).isNotEmpty();
  }

  @Test
  void driverThatFailsBeforeItsRunIsToldByTheMasterAndByStatus() throws Exception {
    List<String> args = new ArrayList<>(explain("none"));
    args.addAll(List.of("--model", folder.resolve("no-model.zip").toString()));

    cluster.submit(DeployMode.CLUSTER, folder, SECRET, args);

    assertThat(driverState()).isEqualTo("FAILED");
    assertThat(Gradlens.run("status", folder.resolve("none").toString())).isEqualTo(2);
  }

  @Test
  void tasksSeeTheGpuThatSparkGaveThemAndDoWithoutWhereTheBuildHasNone() throws Exception {
    Map<String, String> settings = new TreeMap<>(SECRET);
    Properties gpus = new Properties();
    try (var file = Files.newBufferedReader(CommandLine.root().resolve("conf/gpu.conf"))) {
      gpus.load(file);
    }
    gpus.forEach((key, value) -> settings.put(key.toString(), value.toString()));
    settings.put("spark.executor.cores", "1");

    cluster.submit(DeployMode.CLIENT, folder, settings, explain("gpu-explain"));

    assertThat(same("explanations", "gpu-explain", "local-explain", "run_id", "attempt"))
        .hasSize(12);
    assertThat(cluster.executorLogs())
        .hasSize(2)
        .allSatisfy(
            log ->
                assertThat(log.lines().filter(line -> line.contains("Tasks compute on")))
                    .singleElement()
                    .asString()
                    .contains(
                        "Spark gave them GPU 3, and there is none that this build could use"));
  }

  /** Returns the output's name. */
  private static String submit(DeployMode mode, String command, List<String> args)
      throws Exception {
    CommandLine.Result result = cluster.submit(mode, folder, SECRET, args);
    assertThat(result.status()).as(result.err()).isZero();
    String output = mode.option() + "-" + command;
    assertThat(run(output, "status").asText()).isEqualTo("DONE");
    assertThat(run(output, "exit_status").asInt()).isZero();
    if (mode == DeployMode.CLUSTER) {
      assertThat(driverState()).isEqualTo("FINISHED");
    }
    return output;
  }

  /** What the Master says of the last driver of cluster mode. */
  private static String driverState() {
    JsonNode drivers = cluster.state().get("completeddrivers");
    return drivers.get(drivers.size() - 1).get("state").asText();
  }

  /** The rows of a table, after they were found to be those of another run. */
  private static List<String> same(String table, String output, String other, String... without) {
    List<String> rows = rows(output, table, without);
    assertThat(rows).isEqualTo(rows(other, table, without));
    return rows;
  }

  private static List<String> rows(String output, String table, String... without) {
    String path = folder.resolve(output).resolve(table).toString();
    return spark.read().parquet(path).drop(without).toJSON().collectAsList().stream()
        .sorted()
        .toList();
  }

  private static JsonNode run(String output, String key) throws Exception {
    return new ObjectMapper()
        .readTree(folder.resolve(output).resolve("run.json").toFile())
        .get(key);
  }

  private static byte[] weights(String output) throws Exception {
    try (ZipFile zip = new ZipFile(folder.resolve(output).resolve("model.zip").toFile())) {
      return zip.getInputStream(zip.getEntry("coefficients.bin")).readAllBytes();
    }
  }

  /** The descriptions of jobs in the one event log of a folder. */
  private static List<String> jobs(Path events) throws Exception {
    try (var files = Files.list(events)) {
      List<Path> logs = files.toList();
      assertThat(logs).hasSize(1);
      List<String> descriptions = new ArrayList<>();
      for (String line : Files.readAllLines(logs.get(0))) {
        JsonNode event = new ObjectMapper().readTree(line);
        if (event.get("Event").asText().equals("SparkListenerJobStart")) {
          descriptions.add(event.get("Properties").path("spark.job.description").asText());
        }
      }
      return descriptions;
    }
  }
}
