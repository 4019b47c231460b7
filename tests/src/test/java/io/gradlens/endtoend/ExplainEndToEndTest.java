package io.gradlens.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gradlens.udf.Schemas;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainEndToEndTest {

  private static SparkSession spark;

  @TempDir private Path folder;
  private Path model;

  @BeforeAll
  static void startSpark() throws Exception {
    CommandLine.assumePackaged();
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate();
    spark.sparkContext().setLogLevel("ERROR");
  }

  @AfterAll
  static void stopSpark() {
    if (spark != null) {
      spark.stop();
    }
  }

  @BeforeEach
  void writeModel() throws Exception {
    model = SmallCnn.write(folder.resolve("small.zip"));
  }

  @Test
  void killedRunResumesToTheTablesOfARunThatWasNot() throws Exception {
    Path images = SmallCnn.pictures(folder.resolve("images"), 40);
    Files.write(images.resolve("000-bad.png"), new byte[] {1, 2, 3});
    Files.write(images.resolve("039-bad.png"), new byte[0]);
    String[] options = {"--images", images.toString(), "--target", "top2", "--shard-size", "4"};
    assertThat(explain("whole", options).status()).isZero();

    Process process = CommandLine.start(folder, args("killed", options));
    output("killed").awaitShards(process, 3);
    process.destroyForcibly().waitFor();
    assertThat(json("killed").get("status").asText()).isEqualTo("RUNNING");
    String runId = json("killed").get("run_id").asText();

    CommandLine.Result resumed = explain("killed", options);

    assertThat(resumed.err()).doesNotContain("gradlens:");
    assertThat(resumed.status()).isZero();
    assertThat(content("killed")).isEqualTo(content("whole"));
    assertThat(failures("killed")).containsExactly("000-bad.png", "039-bad.png");
    JsonNode end = json("killed");
    assertThat(end.get("run_id").asText()).isEqualTo(runId);
    assertThat(end.get("attempt").asInt()).isEqualTo(2);
    assertThat(end.get("counts").get("ok").asInt()).isEqualTo(40);
    assertThat(end.get("counts").get("failed").asInt()).isEqualTo(2);
    assertThat(end.get("counts").get("skipped").asInt()).isBetween(12, 41);
    assertThat(end.get("data_fingerprint")).isEqualTo(json("whole").get("data_fingerprint"));
  }

  @Test
  void rowsAreBitEqualForAnyShardsCoresAndSource() throws Exception {
    Path images = SmallCnn.pictures(folder.resolve("images"), 21);
    List<Row> rows = new ArrayList<>();
    for (int i = 20; i >= 0; i--) {
      rows.add(RowFactory.create("%03d.png".formatted(i), SmallCnn.picture(i), null));
    }
    String table = folder.resolve("table").toString();
    spark.createDataFrame(rows, Schemas.IMAGES).repartition(3).write().parquet(table);

    String[] rest = {"--target", "top1,class:3", "--method", "grad-cam,grad-cam++,layer-cam"};
    explain("one", with(rest, "--images", images.toString()));
    explain("two", with(rest, "--images", images.toString(), "--master", "local[1]"));
    explain("three", with(rest, "--images", table, "--shard-size", "5"));

    Map<String, String> one = content("one");
    assertThat(one).hasSizeGreaterThan(21 * 3);
    assertThat(content("two")).isEqualTo(one);
    assertThat(content("three")).isEqualTo(one);
  }

  @Test
  void secondRunIntoTheSameFolderIsRefusedWhileTheFirstLives() throws Exception {
    Path images = SmallCnn.pictures(folder.resolve("images"), 60);
    String[] options = {"--images", images.toString(), "--shard-size", "2"};
    Path other = Files.createDirectories(folder.resolve("elsewhere"));

    Process first = CommandLine.start(folder, args("out", options));
    while (first.isAlive() && !Files.exists(folder.resolve("out/run.json"))) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    CommandLine.Result second = CommandLine.run(other, args("out", options));
    assertThat(first.isAlive()).as("else this shows nothing").isTrue();
    assertThat(second.status()).isEqualTo(2);
    assertThat(second.err()).contains("process " + first.pid()).hasLineCount(1);

    assertThat(first.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(first.exitValue()).isZero();
    assertThat(content("out")).hasSize(60);
  }

  @Test
  void globLabelsAndClassNamesComeFromFiles() throws Exception {
    Path images = SmallCnn.pictures(folder.resolve("images"), 12);
    Path names = Files.writeString(folder.resolve("names.txt"), "ant\nbee\ncat\ndog\nelk\n");
    StringBuilder csv = new StringBuilder("path,label\n");
    for (int i = 0; i < 12; i++) {
      csv.append("%03d.png,%s\n".formatted(i, i % 2 == 0 ? "bee" : "dog"));
    }
    Path labels = Files.writeString(folder.resolve("labels.csv"), csv);

    CommandLine.Result result =
        explain(
            "out",
            "--images",
            images + "/00*.png",
            "--labels",
            labels.toString(),
            "--class-names",
            names.toString(),
            "--target",
            "label,class:elk");

    assertThat(result.status()).as(result.err()).isZero();
    List<Row> rows = output("out").rows("explanations");
    assertThat(rows).hasSize(20);
    for (Row row : rows) {
      int number = Integer.parseInt(Explained.name(row).substring(0, 3));
      String label = number % 2 == 0 ? "bee" : "dog";
      assertThat(row.<String>getAs(Schemas.LABEL)).isEqualTo(label);
      assertThat(row.<String>getAs(Schemas.TARGET_LABEL)).isIn(label, "elk");
    }
  }

  @Test
  void sparkSubmitTakesTheSameCommand() throws Exception {
    Path images = SmallCnn.pictures(folder.resolve("images"), 5);
    explain("launched", "--images", images.toString());

    CommandLine.Result submitted =
        CommandLine.submit(folder, args("submitted", "--images", images.toString()));
    assertThat(submitted.out()).contains("Explained 5 of 5 images");
    assertThat(submitted.status()).isZero();
    assertThat(content("submitted")).isEqualTo(content("launched"));

    CommandLine.Result refused =
        CommandLine.submit(folder, args("submitted", "--images", images + "/none"));
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("gradlens: ").doesNotContain("\tat ");
  }

  @Test
  void exitStatusAndOneLineForEveryKindOfMistake() throws Exception {
    assertThat(CommandLine.run(folder, List.of("explain", "--frobnicate")).status()).isEqualTo(1);
    assertThat(CommandLine.run(folder, List.of("summarise")).status()).isEqualTo(1);

    CommandLine.Result noLayer =
        explain(
            "out",
            "--images",
            SmallCnn.pictures(folder.resolve("i"), 1).toString(),
            "--layer",
            "x");
    assertThat(noLayer.status()).isEqualTo(2);
    assertThat(noLayer.err()).hasLineCount(1).contains("'x'");

    Files.write(folder.resolve("i/bad.png"), new byte[] {1});
    CommandLine.Result breached = explain("out", "--images", folder.resolve("i").toString());
    assertThat(breached.status()).isEqualTo(4);
    assertThat(breached.err()).contains("1 of 2 images failed");
    assertThat(content("out")).hasSize(1);
  }

  @Test
  void summaryAndStatusNeedNoSpark() throws Exception {
    CommandLine.Result summary =
        CommandLine.run(folder, List.of("summary", "--model", model.toString()));
    assertThat(summary.status()).isZero();
    assertThat(summary.err()).isEmpty();
    // 3x3 kernels: 3·9·6+6, 6·9·8+8, then 8·5+5.
    assertThat(summary.out()).contains("(None, 8)", "168", "440", "Total params: 653 ");

    explain("out", "--images", SmallCnn.pictures(folder.resolve("i"), 2).toString());
    CommandLine.Result status =
        CommandLine.run(folder, List.of("status", folder.resolve("out").toString()));
    assertThat(status.status()).isZero();
    assertThat(status.out()).contains("DONE", "2 input, 2 ok, 0 failed");
  }

  private CommandLine.Result explain(String output, String... options) throws Exception {
    return CommandLine.run(folder, args(output, options));
  }

  private List<String> args(String output, String... options) {
    List<String> args = new ArrayList<>(List.of("explain", "--model", model.toString()));
    // Archives of DL4J do not say how large their input is.
    args.addAll(
        List.of(
            "--preprocess",
            "unit",
            "--input-size",
            "32x32",
            "--output",
            folder.resolve(output).toString()));
    args.addAll(List.of(options));
    return args;
  }

  private static String[] with(String[] options, String... more) {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private Map<String, String> content(String output) {
    return output(output).content();
  }

  private List<String> failures(String output) {
    return output(output).failures();
  }

  private JsonNode json(String output) throws Exception {
    return output(output).record();
  }

  private Explained output(String name) {
    return new Explained(spark, folder.resolve(name));
  }
}
