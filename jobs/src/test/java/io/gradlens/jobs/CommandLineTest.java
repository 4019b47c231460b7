package io.gradlens.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradlens.model.Preprocessing;
import io.gradlens.udf.Digests;
import io.gradlens.udf.ModelCache;
import io.gradlens.udf.PatchModel;
import io.gradlens.udf.Schemas;
import io.gradlens.udf.TestPictures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {

  private Workspace work;

  @BeforeEach
  void prepare(@TempDir Path folder) throws Exception {
    work = new Workspace(folder).withPictures(2);
  }

  @AfterEach
  void giveModelBack() {
    work.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "audit",
        "explain --frobnicate",
        "explain --model",
        "explain --model x --output y",
        "summary",
        "status",
        "status a b"
      })
  void badCommandLineExitsWithOne(String line) {
    String[] args = line.isEmpty() ? new String[0] : line.split(" ");

    assertThat(work.run(args)).isEqualTo(ExitStatus.BAD_COMMAND_LINE);

    assertThat(work.err).startsWith("gradlens: ").contains("--help").doesNotContain("\tat ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--help", "explain --help", "summary --help", "status --help", "--version"})
  void helpIsEverywhere(String line) {
    assertThat(work.run(line.split(" "))).isEqualTo(ExitStatus.DONE);

    assertThat(work.out).containsIgnoringCase("gradlens");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--layer conv9               | conv9, patches, quarters",
        "--layer head                | head, no rows and columns",
        "--method cam-o-matic        | cam-o-matic, grad-cam, xgrad-cam",
        "--target class:mauve        | mauve, blue",
        "--target best               | best, topN",
        "--target top9               | top9, 4 classes",
        "--preprocess vgg            | vgg, caffe, torch",
        "--preprocess tf --scale 2   | not both",
        "--mean 1,2,3                | --channel-order",
        "--channel-order gbr         | gbr, rgb",
        "--channel-order rgb --std 0 | 0",
        "--channel-order rgb --mean x| x",
        "--resize area               | area, lanczos",
        "--fit crop                  | crop, center-crop",
        "--exif maybe                | maybe, ignore",
        "--upsample cubic            | cubic, zoom3",
        "--overlay jpeg              | jpeg, png",
        "--colormap hot              | hot, viridis",
        "--batch-size 0              | 0",
        "--batch-size many           | many",
        "--max-failure-fraction 5    | 5.0",
        "--limit 0                   | --limit",
        "--images /no/such/folder    | /no/such/folder",
        "--labels column             | column",
        "--labels somewhere          | somewhere, parent-folder",
        "--labels /no/such.csv       | /no/such.csv",
        "--class-names /no/names     | /no/names",
        "--model /no/such.keras      | /no/such.keras",
        "--config /no/such.conf      | /no/such.conf",
        "--output /proc/nowhere/out  | /proc/nowhere/out"
      })
  void badInputExitsWithTwoAndOneLine(String options, String words) {
    assertThat(work.explain(options.strip().split(" "))).isEqualTo(ExitStatus.BAD_INPUT);

    assertThat(work.err).startsWith("gradlens: ").hasLineCount(1).contains(words.split(", "));
    assertThat(work.output.resolve("run.json")).doesNotExist();
  }

  @Test
  void folderWithoutPicturesIsRefused() throws Exception {
    Path empty = Files.createDirectories(work.folder.resolve("empty"));
    Files.writeString(empty.resolve("readme.txt"), "nothing here");

    assertThat(work.explain("--images", empty.toString())).isEqualTo(ExitStatus.BAD_INPUT);

    assertThat(work.err).contains("No images found").hasLineCount(1);
  }

  @Test
  void fileThatIsNoModelIsRefused() throws Exception {
    Path file = Files.writeString(work.folder.resolve("model.h5"), "no model");

    for (List<String> line :
        List.of(
            List.of("summary", "--model", file.toString()),
            List.of(
                "explain",
                "--model",
                file.toString(),
                "--images",
                work.images.toString(),
                "--output",
                work.output.toString()))) {
      assertThat(work.run(line.toArray(String[]::new))).isEqualTo(ExitStatus.BAD_INPUT);
      assertThat(work.err).startsWith("gradlens: ").hasLineCount(1).contains("model.h5");
    }
  }

  @Test
  void missingPreprocessingIsRefusedWithTheChoices() throws Exception {
    Path file = Files.writeString(work.folder.resolve("bare.bin"), "bare" + System.nanoTime());
    var bare = new PatchModel(Optional.<Preprocessing>empty());
    try (var lease = ModelCache.acquire(Digests.sha256(file), () -> bare)) {
      assertThat(lease.model()).isSameAs(bare);
      assertThat(work.explain("--model", file.toString())).isEqualTo(ExitStatus.BAD_INPUT);
      assertThat(work.err).contains("unit, tf, caffe, torch or identity").hasLineCount(1);
      assertThat(work.explain("--model", file.toString(), "--preprocess", "tf"))
          .isEqualTo(ExitStatus.DONE);
    }
  }

  @Test
  void tableWithoutItsColumnsOrWithAPathTwiceIsRefused() {
    var spark = Workspace.spark();
    String table = work.folder.resolve("table").toString();
    spark.range(3).toDF("id").write().parquet(table);
    assertThat(work.explain("--images", table)).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(work.err).contains("path and content", "id").hasLineCount(1);

    byte[] picture = TestPictures.noise(1);
    var twice =
        List.of(RowFactory.create("a", picture, null), RowFactory.create("a", picture, null));
    Workspace.spark()
        .createDataFrame(twice, Schemas.IMAGES)
        .write()
        .mode("overwrite")
        .parquet(table);
    assertThat(work.explain("--images", table)).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(work.err).contains("'a' 2 times").hasLineCount(1);
  }

  @Test
  void configurationFileGivesOptionsAndTheCommandLineWins() throws Exception {
    Path config =
        Files.writeString(
            work.folder.resolve("run.conf"),
            """
            images = "%s"
            model = "%s"
            output = "%s"
            master = "local[1]"
            layer = [patches, quarters]
            target = "top2"
            signed = true
            limit = 1
            max-failure-fraction = 0.5
            """
                .formatted(work.images, work.model, work.output));

    assertThat(work.run("explain", "--config", config.toString(), "--target", "class:red"))
        .isEqualTo(ExitStatus.DONE);

    assertThat(work.explanations()).hasSize(2);
    assertThat(work.explanations())
        .allMatch(row -> row.<String>getAs(Schemas.TARGET_LABEL).equals("red"))
        .allMatch(row -> row.getAs(Schemas.SIGNED_MAP) != null);
    assertThat(work.record().maxFailureFraction).isEqualTo(0.5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lauer = auto        | 'lauer', layer",
        "help = true         | 'help'",
        "signed = maybe      | 'signed', true or false",
        "layer { a = 1 }     | 'layer', one value",
        "layer = [           | cannot be read",
        "batch-size = many   | many"
      })
  void badConfigurationFileExitsWithTwo(String text, String words) throws Exception {
    Path config = Files.writeString(work.folder.resolve("bad.conf"), text);

    assertThat(work.explain("--config", config.toString())).isEqualTo(ExitStatus.BAD_INPUT);

    assertThat(work.err).startsWith("gradlens: ").hasLineCount(1).contains(words.split(", "));
  }

  @Test
  void statusTellsTheOutcome() throws Exception {
    work.write("bad.png", new byte[] {1});
    work.explain();
    assertThat(work.run("status", work.output.toString())).isEqualTo(ExitStatus.THRESHOLD_BREACHED);
    assertThat(work.out).contains("DONE", "threshold breached", "3 input, 2 ok, 1 failed");

    work.pretendKilled();
    assertThat(work.run("status", work.output.toString())).isEqualTo(ExitStatus.INTERNAL_ERROR);
    assertThat(work.out).contains("RUNNING, but its process is gone");

    assertThat(work.run("status", work.folder.toString())).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(work.err).contains("no run.json").hasLineCount(1);
  }

  @Test
  void summaryPrintsShapesAndParameters() {
    assertThat(work.run("summary", "--model", work.model.toString())).isEqualTo(ExitStatus.DONE);

    assertThat(Arrays.asList(work.out.split("\n")))
        .anyMatch(
            line -> line.contains("patches (AveragePooling2D)") && line.contains("(None, 4, 4, 3)"))
        .anyMatch(line -> line.startsWith("Total params: 12 "));
  }

  @Test
  void internalErrorExitsWithThreeAndAStackTrace() throws Exception {
    work.network.beforeForward =
        () -> {
          throw new IllegalStateException("a bug");
        };

    assertThat(work.explain()).isEqualTo(ExitStatus.INTERNAL_ERROR);

    assertThat(work.err).contains("a bug", "\tat ");
    assertThat(work.record().status).isEqualTo(RunRecord.Status.FAILED);
    assertThat(work.record().error).contains("a bug");
  }
}
