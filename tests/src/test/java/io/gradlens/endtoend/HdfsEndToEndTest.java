package io.gradlens.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradlens.jobs.Gradlens;
import io.gradlens.trajectory.TrajectorySchemas;
import io.gradlens.udf.Schemas;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All inputs and outputs on an HDFS that runs in this process. A command that is to be killed, and
 * {@code status}, run in processes of their own; the others run in this one, which is faster.
 */
class HdfsEndToEndTest {

  private static final String DEFAULT = "spark.hadoop.fs.defaultFS";
  private static final java.nio.file.Path SAMPLES = CommandLine.root().resolve("data-samples");

  @TempDir private static java.nio.file.Path folder;
  private static MiniDFSCluster cluster;
  private static FileSystem files;
  private static String root;

  /** What the last command of this process wrote on stderr. */
  private String err;

  @BeforeAll
  static void startHdfs() throws IOException {
    CommandLine.assumePackaged();
    Configuration configuration = new Configuration();
    configuration.set("hdfs.minidfs.basedir", folder.resolve("dfs").toString());
    cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
    files = cluster.getFileSystem();
    root = cluster.getURI() + "/data/";
  }

  @AfterAll
  static void stopHdfs() {
    if (cluster != null) {
      cluster.shutdown();
    }
  }

  private static String put(java.nio.file.Path local, String name) throws IOException {
    files.copyFromLocalFile(new Path(local.toUri()), new Path(root + name));
    return root + name;
  }

  private int run(List<String> args) {
    PrintStream stderr = System.err;
    var captured = new ByteArrayOutputStream();
    System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
    try {
      return Gradlens.run(args.toArray(String[]::new));
    } finally {
      System.setErr(stderr);
      err = captured.toString(StandardCharsets.UTF_8);
    }
  }

  private static List<String> args(String command, String... more) {
    List<String> args = new ArrayList<>(List.of(command, "--master", "local[2]"));
    args.addAll(List.of(more));
    return args;
  }

  @Test
  void killedRunResumesToTheRowsOfALocalOneAndASecondWriterIsRefused() throws Exception {
    java.nio.file.Path images = SmallCnn.pictures(folder.resolve("images"), 30);
    Files.write(images.resolve("000-bad.png"), new byte[] {1, 2, 3});
    java.nio.file.Path model = SmallCnn.write(folder.resolve("small.zip"));
    java.nio.file.Path names =
        Files.writeString(folder.resolve("names.txt"), "ant\nbee\ncat\ndog\nelk\n");
    StringBuilder csv = new StringBuilder("path,label\n000-bad.png,ant\n");
    for (int i = 0; i < 30; i++) {
      csv.append("%03d.png,%s\n".formatted(i, i % 2 == 0 ? "bee" : "dog"));
    }
    java.nio.file.Path labels = Files.writeString(folder.resolve("labels.csv"), csv);
    java.nio.file.Path config =
        Files.writeString(
            folder.resolve("explain.conf"),
            "preprocess = unit, input-size = 32x32, target = [top1, label]," + " overlay = png");
    String local = folder.resolve("local").toUri().toString();
    assertThat(run(explain("" + config, "" + images, "" + model, "" + names, "" + labels, local)))
        .as(err)
        .isZero();

    String output = root + "explained";
    List<String> remote =
        explain(
            put(config, "explain.conf"),
            put(images, "images"),
            put(model, "small.zip"),
            put(names, "names.txt"),
            put(labels, "labels.csv"),
            output);
    List<String> slowly = new ArrayList<>(remote);
    slowly.addAll(List.of("--shard-size", "2"));
    Process first = CommandLine.start(folder, slowly);
    while (first.isAlive() && shardsDone(output) < 2) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertThat(run(remote)).isEqualTo(2);
    assertThat(first.isAlive()).as("else this shows nothing").isTrue();
    assertThat(err).contains("process " + first.pid()).hasLineCount(1);
    first.destroyForcibly().waitFor();
    assertThat(json(output).get("status").asText()).isEqualTo("RUNNING");

    assertThat(run(remote)).as(err).isZero();

    assertThat(explanations(output)).isEqualTo(explanations(local)).hasSizeGreaterThan(30);
    assertThat(rows(output + "/failures")).hasSize(1);
    JsonNode counts = json(output).get("counts");
    assertThat(json(output).get("attempt").asInt()).isEqualTo(2);
    assertThat(counts.get("ok").asInt()).isEqualTo(30);
    assertThat(counts.get("skipped").asInt()).isBetween(4, 29);
    assertThat(files.exists(new Path(output, ".gradlens.lock"))).isFalse();

    CommandLine.Result status = CommandLine.run(folder, List.of("status", output));
    assertThat(status.status()).as(status.err()).isZero();
    assertThat(status.out()).contains("DONE", "31 input, 30 ok, 1 failed");
  }

  private static List<String> explain(
      String config, String images, String model, String names, String labels, String output) {
    return args(
        "explain",
        "--config",
        config,
        "--images",
        images,
        "--model",
        model,
        "--class-names",
        names,
        "--labels",
        labels,
        "--output",
        output);
  }

  @Test
  void gradientsOfTrajectoriesAreThoseOfALocalRun() throws Exception {
    java.nio.file.Path network = SAMPLES.resolve("trajectories/network");
    java.nio.file.Path table = SAMPLES.resolve("trajectories/spirals.parquet");
    String local = folder.resolve("gradients").toUri().toString();
    assertThat(run(gradients(network.resolve("field.json").toString(), table.toString(), local)))
        .as(err)
        .isZero();

    String field = put(network, "network") + "/field.json";
    assertThat(run(gradients(field, put(table, "spirals.parquet"), root + "gradients")))
        .as(err)
        .isZero();

    assertThat(trajectories(root + "gradients")).isEqualTo(trajectories(local)).hasSize(64);
    assertThat(files.exists(new Path(root + "gradients/summary.json"))).isTrue();
  }

  private static List<String> gradients(String field, String trajectories, String output) {
    return args(
        "ode-gradients",
        "--field",
        field,
        "--trajectories",
        trajectories,
        "--rtol",
        "1e-6",
        "--atol",
        "1e-8",
        "--grad-theta",
        "--output",
        output);
  }

  @Test
  void fieldIsFittedWithCheckpointsAndChartsToTheSameWeights() throws Exception {
    String local = folder.resolve("fitted").toString();
    assertThat(run(fit("" + SAMPLES.resolve("trajectories"), local))).as(err).isZero();

    String output = root + "fitted";
    assertThat(run(fit(put(SAMPLES.resolve("trajectories"), "trajectories"), output)))
        .as(err)
        .isZero();

    assertThat(read(output + "/field.safetensors"))
        .isEqualTo(Files.readAllBytes(java.nio.file.Path.of(local, "field.safetensors")));
    assertThat(new String(read(output + "/checkpoints/latest"), StandardCharsets.UTF_8))
        .isEqualTo("iteration-0000006\n");
    assertThat(names(output))
        .contains("index.html", "loss.png", "portrait.png", "history", "run.json");
  }

  private static List<String> fit(String samples, String output) {
    return args(
        "ode-train",
        "--field",
        samples + "/spiral-network.conf",
        "--trajectories",
        samples + "/spiral.csv",
        "--rtol",
        "1e-5",
        "--atol",
        "1e-7",
        "--loss",
        "mae",
        "--window",
        "10",
        "--batch",
        "20",
        "--iterations",
        "6",
        "--checkpoint-every",
        "3",
        "--output",
        output);
  }

  /**
   * Paths without a scheme are in the default file system, and relative ones in the user's home.
   */
  @Test
  void networkIsTrainedAndExplainsPackedPicturesInTheDefaultFileSystem() throws Exception {
    Path home = files.getHomeDirectory();
    files.mkdirs(home);
    files.copyFromLocalFile(
        new Path(SAMPLES.resolve("images").toUri()), new Path(home, "pictures"));
    System.setProperty(DEFAULT, cluster.getURI().toString());
    try {
      assertThat(
              run(
                  args(
                      "train",
                      "--images",
                      "pictures",
                      "--preprocess",
                      "unit",
                      "--input-size",
                      "32x32",
                      "--architecture",
                      "lenet",
                      "--epochs",
                      "2",
                      "--early-stopping",
                      "1",
                      "--validation-fraction",
                      "0.2",
                      "--max-failure-fraction",
                      "0.2",
                      "--output",
                      "trained")))
          .as(err)
          .isZero();
      assertThat(names(home + "/trained/checkpoints")).contains("latest.zip", "best.zip");

      assertThat(run(args("pack", "--images", "pictures", "--output", "packed"))).as(err).isZero();
      assertThat(
              run(
                  args(
                      "explain",
                      "--images",
                      "packed/images",
                      "--model",
                      "trained/model.zip",
                      "--max-failure-fraction",
                      "0.2",
                      "--output",
                      "explained")))
          .as(err)
          .isZero();
      assertThat(rows(home + "/explained/explanations")).hasSize(48);
      assertThat(run(List.of("status", "trained"))).isZero();
    } finally {
      System.clearProperty(DEFAULT);
    }
  }

  private static Map<String, String> explanations(String output) {
    Map<String, String> content = new TreeMap<>();
    for (Row row : rows(output + "/explanations")) {
      String uri = row.getAs(Schemas.IMAGE_URI);
      String key = uri.substring(uri.lastIndexOf('/')) + row.<Integer>getAs("target_index");
      int overlay = row.fieldIndex(Schemas.OVERLAY_PNG);
      String values =
          row.toSeq().slice(row.fieldIndex(Schemas.IMAGE_URI) + 1, overlay).toString()
              + java.util.Arrays.hashCode(row.<byte[]>getAs(overlay));
      assertThat(content.put(key, values)).as(key).isNull();
    }
    return content;
  }

  private static Map<String, String> trajectories(String output) {
    Map<String, String> content = new TreeMap<>();
    for (Row row : rows(output + "/trajectory_gradients")) {
      String id = row.getAs(TrajectorySchemas.TRAJECTORY_ID);
      assertThat(content.put(id, row.toSeq().drop(1).toString())).as(id).isNull();
    }
    return content;
  }

  private static List<Row> rows(String table) {
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate()) {
      spark.sparkContext().setLogLevel("ERROR");
      return spark.read().parquet(table).collectAsList();
    }
  }

  private static List<String> names(String location) throws IOException {
    List<String> names = new ArrayList<>();
    for (FileStatus each : files.listStatus(new Path(location))) {
      names.add(each.getPath().getName());
    }
    return names;
  }

  private static byte[] read(String location) throws IOException {
    try (InputStream in = files.open(new Path(location))) {
      return in.readAllBytes();
    }
  }

  private static JsonNode json(String output) throws IOException {
    return new ObjectMapper().readTree(read(output + "/run.json"));
  }

  private static int shardsDone(String output) throws IOException {
    boolean isThere = files.exists(new Path(output, "run.json"));
    return isThere ? json(output).get("shards_done").asInt() : 0;
  }
}
