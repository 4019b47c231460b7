package io.gradlens.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gradlens.endtoend.StandaloneCluster.DeployMode;
import io.gradlens.udf.Schemas;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes of a cluster die while it explains: no row is lost, none is there twice. */
class FaultsTest {

  private static final int IMAGES = 60;

  private static SparkSession spark;
  private static StandaloneCluster cluster;
  private static Path images;
  private static Path model;

  /** The rows of a run that nothing happened to. */
  private static Map<String, String> whole;

  @TempDir private Path folder;

  @BeforeAll
  static void startCluster(@TempDir Path shared) throws Exception {
    CommandLine.assumePackaged();
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate();
    spark.sparkContext().setLogLevel("ERROR");
    images = SmallCnn.pictures(shared.resolve("images"), IMAGES);
    model = SmallCnn.write(shared.resolve("small.zip"));
    cluster = StandaloneCluster.start("faults", 2, Map.of());
    Path out = shared.resolve("whole");
    CommandLine.Result result = CommandLine.run(shared, explain(images.toString(), out));
    assertThat(result.status()).as(result.err()).isZero();
    whole = new Explained(spark, out).content();
    assertThat(whole).hasSize(IMAGES);
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

  @Test
  void imageThatKillsItsExecutorFailsAloneAndSoDoesOneThatIsTooLargeForTheHeap() throws Exception {
    Path poisoned = Files.createDirectories(folder.resolve("images"));
    for (int i = 0; i < 20; i++) {
      Files.write(poisoned.resolve("%03d.png".formatted(i)), SmallCnn.picture(i));
    }
    Files.write(poisoned.resolve("007-killer.png"), SmallCnn.picture(7));
    Files.write(poisoned.resolve("013-huge.png"), HugePng.of(10_000, 10_000));
    Map<String, String> settings = TroubledFiles.settings(0);
    settings.put("spark.executor.memory", "512m");

    CommandLine.Result result =
        cluster.submit(DeployMode.CLIENT, folder, settings, explain(poisoned));

    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.err()).contains("images are tried alone");
    Explained out = new Explained(spark, folder.resolve("out"));
    assertThat(out.content())
        .isEqualTo(
            whole.entrySet().stream()
                .filter(row -> row.getKey().compareTo("020") < 0)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    assertThat(out.failures()).containsExactly("007-killer.png", "013-huge.png");
    Map<String, Row> failures =
        out.rows("failures").stream().collect(Collectors.toMap(Explained::name, row -> row));
    Row killer = failures.get("007-killer.png");
    assertThat(killer.<String>getAs(Schemas.STAGE)).isEqualTo("explain");
    assertThat(killer.<String>getAs(Schemas.ERROR_CLASS)).isEqualTo("ExecutorLost");
    assertThat(killer.<String>getAs(Schemas.MESSAGE)).contains("died 2 times", "134");
    assertThat(killer.<String>getAs(Schemas.IMAGE_SHA256)).hasSize(64);
    Row huge = failures.get("013-huge.png");
    assertThat(huge.<String>getAs(Schemas.STAGE)).isEqualTo("decode");
    assertThat(huge.<String>getAs(Schemas.ERROR_CLASS)).isEqualTo("java.lang.OutOfMemoryError");
    assertThat(huge.<String>getAs(Schemas.MESSAGE)).contains("more memory");
    requireDone(out, 20, 2, 1);
  }

  @Test
  void executorThatIsKilledCostsNoRowAndOnlyItsRunningTasks() throws Exception {
    int size = 500;
    int task = 64;
    Path opened = Files.createDirectories(folder.resolve("opened"));
    Path many = SmallCnn.pictures(folder.resolve("images"), size);
    Map<String, String> settings = TroubledFiles.settings(10, opened);
    Process run = cluster.startSubmit(DeployMode.CLIENT, folder, settings, explain(many));
    while (run.isAlive() && filesIn(opened) < size - 100) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    cluster.kill(cluster.executors().get(0));

    CommandLine.Result result = CommandLine.result(folder, run);
    assertThat(result.status()).as(result.err()).isZero();
    Explained out = new Explained(spark, folder.resolve("out"));
    requireDone(out, size, 0, 1);
    assertThat(out.content()).hasSize(size).containsAllEntriesOf(whole);
    assertThat(out.failures()).isEmpty();
    assertThat(filesIn(opened)).isBetween(size + 1, size + task);
  }

  private static int filesIn(Path folder) {
    return folder.toFile().list().length;
  }

  @Test
  void workerThatIsKilledCostsNoRow() throws Exception {
    Process run = start(100);
    Explained out = new Explained(spark, folder.resolve("out"));
    out.awaitShards(run, 1);
    cluster.kill(cluster.workers().get(cluster.workers().size() - 1).toHandle());

    requireWhole(run, out, 1);
    cluster.addWorker();
  }

  @Test
  void driverThatIsKilledIsResumedAtOnce() throws Exception {
    Process killed = start(100);
    Explained out = new Explained(spark, folder.resolve("out"));
    out.awaitShards(killed, 2);
    killed.destroyForcibly().waitFor();
    assertThat(out.record().get("status").asText()).isEqualTo("RUNNING");
    int done = out.record().get("counts").get("ok").asInt();
    assertThat(done).isBetween(20, IMAGES - 1);

    requireWhole(start(0), out, 2);
    assertThat(out.record().get("counts").get("skipped").asInt()).isBetween(done, IMAGES - 1);
  }

  /** In shards of ten images, each of which takes so long to read. */
  private Process start(int millis) throws Exception {
    List<String> args = explain(images);
    args.addAll(List.of("--shard-size", "10"));
    return cluster.startSubmit(DeployMode.CLIENT, folder, TroubledFiles.settings(millis), args);
  }

  private void requireWhole(Process run, Explained out, int attempt) throws Exception {
    CommandLine.Result result = CommandLine.result(folder, run);
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(out.content()).isEqualTo(whole);
    assertThat(out.failures()).isEmpty();
    requireDone(out, IMAGES, 0, attempt);
  }

  private static void requireDone(Explained out, int ok, int failed, int attempt) throws Exception {
    JsonNode record = out.record();
    assertThat(record.get("status").asText()).isEqualTo("DONE");
    assertThat(record.get("attempt").asInt()).isEqualTo(attempt);
    JsonNode counts = record.get("counts");
    assertThat(counts.get("input").asInt()).isEqualTo(ok + failed);
    assertThat(counts.get("ok").asInt()).isEqualTo(ok);
    assertThat(counts.get("failed").asInt()).isEqualTo(failed);
    assertThat(record.get("shards_done")).isEqualTo(record.get("shards"));
  }

  private List<String> explain(Path troubled) {
    return explain(TroubledFiles.uri(troubled), folder.resolve("out"));
  }

  private static List<String> explain(String images, Path out) {
    return new ArrayList<>(
        List.of(
            "explain",
            "--images",
            images,
            "--model",
            model.toString(),
            "--input-size",
            "32x32",
            "--preprocess",
            "unit",
            "--max-failure-fraction",
            "1",
            "--output",
            out.toString()));
  }
}
