package io.gradlens.jobs;

import static io.gradlens.jobs.ExplainCommandTest.withMore;
import static org.assertj.core.api.Assertions.assertThat;

import io.gradlens.model.graph.LayerGraph;
import io.gradlens.model.keras.KerasModelReader;
import io.gradlens.model.keras.TinyKeras;
import io.gradlens.model.layer.Conv2D;
import io.gradlens.udf.Digests;
import io.gradlens.udf.Schemas;
import io.gradlens.udf.TestPictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainCommandTest {
  private static final String[] COLOURS = {"red", "green", "blue"};

  private Workspace work;

  @BeforeEach
  void prepare(@TempDir Path folder) throws Exception {
    work = new Workspace(folder);
  }

  @AfterEach
  void giveModelBack() {
    work.close();
  }

  /** A picture of shades of a colour. */
  private static byte[] picture(int i) {
    int bright = 120 + i % 130;
    int dark = i * 7 % 60;
    int colour = i % 3;
    return TestPictures.halves(
        colour == 0 ? bright : dark, colour == 1 ? bright : dark, colour == 2 ? bright : dark);
  }

  /** Pictures in folders that are named after their colours. */
  private void pictures(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      work.write("%s/%03d.png".formatted(COLOURS[i % 3], i), picture(i));
    }
  }

  private int train(String... more) {
    List<String> args = new ArrayList<>(List.of("train", "--output", work.output.toString()));
    args.addAll(List.of("--master", "local[2]", "--preprocess", "unit"));
    args.addAll(List.of("--input-size", "16x16", "--batch-size", "16", "--epochs", "2"));
    if (!Arrays.asList(more).contains("--images")) {
      args.addAll(List.of("--images", work.images.toString()));
    }
    if (!Arrays.asList(more).contains("--fine-tune")) {
      args.addAll(List.of("--architecture", "lenet"));
    }
    args.addAll(List.of(more));
    return work.run(args.toArray(String[]::new));
  }

  private List<Row> rows(String table, String... order) {
    return Workspace.spark()
        .read()
        .parquet(work.output.resolve(table).toString())
        .orderBy(order[0], Arrays.copyOfRange(order, 1, order.length))
        .collectAsList();
  }

  private String weights() throws IOException {
    try (var zip = new java.util.zip.ZipFile(work.output.resolve("model.zip").toFile())) {
      return Digests.sha256(zip.getInputStream(zip.getEntry("coefficients.bin")).readAllBytes());
    }
  }

  private static void assertOneLine(String err) {
    assertThat(err.lines()).as(err).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"averaging", "sharing"})
  void evaluationsOfOdeBlocksAreInTheHistory(String master) throws Exception {
    pictures(48);
    String[] options = {"--architecture", "ode-net", "--training-master", master};

    assertThat(train(withMore(options, "--epochs", "1"))).as(work.err).isZero();

    Row epoch = rows("history", "epoch").get(0);
    // Whole steps of dopri5, with the first slope, the probe and what a way back starts with.
    assertThat(epoch.<Double>getAs("nfe_forward")).isGreaterThanOrEqualTo(7);
    assertThat(epoch.<Double>getAs("nfe_backward")).isGreaterThanOrEqualTo(6);
    assertThat(work.err + work.out).contains(", nfe ");
    assertThat(Files.readString(work.output.resolve("index.html")).split("<img", -1)).hasSize(4);
  }

  @Test
  void whatIsTrainedIsExplainedWithoutFurtherOptions() throws Exception {
    pictures(240);
    work.write("red/bad.png", new byte[] {1, 2, 3});
    work.write("notes.txt", "no image".getBytes());

    int status =
        train(
            "--augment",
            "flip,shift:2",
            "--epochs",
            "4",
            "--fit",
            "center-crop",
            "--resize",
            "box");

    assertThat(status).as(work.err).isZero();
    List<Row> history = rows("history", "epoch");
    assertThat(history).hasSize(4);
    assertThat(history.get(3).<Double>getAs("validation_accuracy")).isGreaterThan(0.9);
    assertThat(history.get(3).<Double>getAs("nfe_forward")).as("without a block").isNull();
    assertThat(history.get(3).<Double>getAs("training_loss"))
        .isLessThan(history.get(0).<Double>getAs("training_loss"));
    List<Row> failures = rows("failures", "image_uri");
    assertThat(failures).hasSize(1);
    assertThat(failures.get(0).<String>getAs("stage")).isEqualTo("decode");
    assertThat(work.record().counts).isEqualTo(new RunRecord.Counts(241, 240, 1, 1, 0));
    assertThat(work.record().dataFingerprint).hasSize(64);
    assertThat(work.record().modelSha256)
        .isEqualTo(Digests.sha256(work.output.resolve("model.zip")));
    assertThat(Files.readString(work.output.resolve("index.html")))
        .contains("data:image/png;base64,", "as green");
    assertMetricsAgreeWithConfusion();

    Path explained = work.folder.resolve("explained");
    int explain =
        work.run(
            "explain",
            "--images",
            work.images.toString(),
            "--labels",
            "parent-folder",
            "--target",
            "label",
            "--model",
            work.output.resolve("model.zip").toString(),
            "--master",
            "local[2]",
            "--output",
            explained.toString());

    assertThat(explain).as(work.err).isZero();
    List<Row> rows =
        Workspace.spark()
            .read()
            .parquet(explained.resolve("explanations").toString())
            .collectAsList();
    assertThat(rows).hasSize(240);
    long right =
        rows.stream()
            .filter(r -> r.getAs(Schemas.PREDICTED_LABEL).equals(r.getAs(Schemas.LABEL)))
            .count();
    assertThat(right).isGreaterThan(216);
    assertThat(rows.get(0).<String>getAs(Schemas.LAYER)).isEqualTo("conv2");
    assertThat(rows.get(0).<Integer>getAs(Schemas.CROP_WIDTH))
        .as("cut as in training")
        .isEqualTo(12);
  }

  /** Accuracy, precision and recall are what the matrix says. */
  private void assertMetricsAgreeWithConfusion() {
    List<Row> confusion = rows("confusion", "split", "actual", "predicted");
    for (Row metric : rows("metrics", "split", "class_index")) {
      String split = metric.getAs("split");
      String name = metric.getAs("class");
      long all = 0;
      long right = 0;
      long said = 0;
      for (Row cell : confusion) {
        if (cell.getAs("split").equals(split)) {
          long count = cell.getAs("images");
          boolean isRight = cell.getAs("actual").equals(cell.getAs("predicted"));
          boolean isActual = name == null || cell.getAs("actual").equals(name);
          all += isActual ? count : 0;
          right += isActual && isRight ? count : 0;
          said += cell.getAs("predicted").equals(name) ? count : 0;
        }
      }
      assertThat(metric.<Long>getAs("images")).isEqualTo(all);
      if (name == null) {
        assertThat(metric.<Double>getAs("accuracy")).isEqualTo((double) right / all);
      } else {
        assertThat(metric.<Double>getAs("recall")).isEqualTo((double) right / all);
        assertThat(metric.<Double>getAs("precision"))
            .isEqualTo(said == 0 ? null : (Double) ((double) right / said));
      }
    }
  }

  @Test
  void weightsDoNotDependOnHowTheDataIsCut() throws Exception {
    List<Row> rows =
        IntStream.range(0, 90)
            .mapToObj(
                i -> RowFactory.create("no/%03d.png".formatted(i), picture(i), COLOURS[i % 3]))
            .toList();
    List<String> digests = new ArrayList<>();
    for (int files : new int[] {1, 7}) {
      String table = work.folder.resolve("table" + files).toString();
      Workspace.spark()
          .createDataFrame(rows, Schemas.IMAGES)
          .repartition(files)
          .write()
          .parquet(table);
      int status =
          train("--images", table, "--augment", "flip,crop:0.8", "--workers", "2", "--overwrite");
      assertThat(status).as(work.err).isZero();
      digests.add(weights());
    }
    assertThat(digests.get(1)).isEqualTo(digests.get(0));
  }

  @Test
  void runThatGoesOnEndsWithTheSameWeights() throws Exception {
    pictures(90);
    String[] options = {"--epochs", "3", "--schedule", "cosine"};
    assertThat(train(options)).as(work.err).isZero();
    String whole = weights();
    assertThat(train(options)).isZero();
    assertThat(work.out).contains("done already");
    Path latest = work.output.resolve("checkpoints/latest.zip");
    Files.delete(latest);
    Files.delete(work.output.resolve("model.zip"));
    work.pretendKilled();
    assertThat(train(options)).as("without a checkpoint it begins anew").isZero();
    assertThat(work.out).doesNotContain("Going on");
    assertThat(weights()).isEqualTo(whole);

    Files.delete(work.output.resolve("model.zip"));
    work.pretendKilled();
    assertThat(train(options)).as(work.err).isZero();

    assertThat(work.out).contains("Going on after epoch 3.");
    assertThat(weights()).isEqualTo(whole);
    assertThat(work.record().attempt).isEqualTo(3);
    assertThat(rows("history", "epoch")).hasSize(3);
  }

  @Test
  void trainedNetworkIsTunedToOtherClasses() throws Exception {
    pictures(60);
    assertThat(train("--epochs", "1")).as(work.err).isZero();
    Path model = Files.move(work.output.resolve("model.zip"), work.folder.resolve("first.zip"));
    for (int i = 0; i < 30; i++) {
      work.write("grey/%03d.png".formatted(i), TestPictures.halves(100 + i, 100 + i, 100 + i));
    }

    int status = train("--fine-tune", model.toString(), "--freeze-to", "pool2", "--overwrite");

    assertThat(status).as(work.err).isZero();
    assertThat(rows("metrics", "class_index"))
        .extracting(r -> r.<String>getAs("class"))
        .contains("grey");
    assertThat(train("--fine-tune", model.toString(), "--freeze-to", "conv9", "--overwrite"))
        .isEqualTo(ExitStatus.BAD_INPUT);
    assertOneLine(work.err);
    assertThat(work.err).contains("conv9", "conv1, pool1, conv2, pool2, dense, predictions");
  }

  @Test
  void trainingLossIsWithoutTheWeightsPenalty() throws Exception {
    pictures(30);

    assertThat(train("--epochs", "1", "--optimizer", "adamw", "--weight-decay", "0.5"))
        .as(work.err)
        .isZero();

    // The penalty of the first weights alone is above 200; three classes by chance are ln 3.
    assertThat(rows("history", "epoch").get(0).<Double>getAs("training_loss")).isBetween(0.5, 5.0);
  }

  @Test
  void fileOfKerasIsTunedToOtherClassesAndExplained() throws Exception {
    pictures(90);
    Path keras = TinyKeras.write(work.folder.resolve("tiny.h5"));
    String[] options = {"--fine-tune", keras.toString(), "--freeze-to", "pool1"};

    assertThat(train(withMore(options, "--epochs", "4"))).as(work.err).isZero();

    List<Row> history = rows("history", "epoch");
    assertThat(history.get(3).<Double>getAs("training_loss"))
        .isLessThan(history.get(0).<Double>getAs("training_loss"));
    Path tuned = work.output.resolve("model.zip");
    LayerGraph before = KerasModelReader.read(keras);
    var after = ModelSerializer.restoreComputationGraph(tuned.toFile(), false);
    for (String layer : List.of("conv1", "conv2")) {
      float[] learned = after.getLayer(layer).getParam("W").dup('c').data().asFloat();
      boolean isKept = Arrays.equals(learned, kernel(before, layer));
      assertThat(isKept).as(layer).isEqualTo(layer.equals("conv1"));
    }
    Path explained = work.folder.resolve("explained");
    int explain =
        work.run(
            "explain",
            "--images",
            work.images.toString(),
            "--model",
            tuned.toString(),
            "--master",
            "local[2]",
            "--output",
            explained.toString());
    assertThat(explain).as(work.err).isZero();
    List<Row> rows =
        Workspace.spark()
            .read()
            .parquet(explained.resolve("explanations").toString())
            .collectAsList();
    assertThat(rows).hasSize(90);
    assertThat(rows.get(0).<String>getAs(Schemas.LAYER)).isEqualTo("conv2");
    assertThat(rows.get(0).<String>getAs(Schemas.PREDICTED_LABEL)).isIn((Object[]) COLOURS);

    assertThat(train("--fine-tune", tuned.toString(), "--epochs", "1", "--overwrite"))
        .as("what was tuned can be tuned again: " + work.err)
        .isZero();
  }

  /** A convolution's kernel in DL4J's order. */
  private static float[] kernel(LayerGraph graph, String layer) {
    for (LayerGraph.Node node : graph.nodes()) {
      if (graph.layers().get(node.layer()).name().equals(layer)
          && node.op() instanceof Conv2D conv) {
        return conv.weights().get(0).permute(3, 2, 0, 1).dup('c').data().asFloat();
      }
    }
    throw new AssertionError(layer);
  }

  @Test
  void layersOfAKerasFileAreNamed() throws Exception {
    pictures(6);
    Path keras = TinyKeras.write(work.folder.resolve("tiny.h5"));

    assertThat(train("--fine-tune", keras.toString(), "--freeze-to", "conv9"))
        .isEqualTo(ExitStatus.BAD_INPUT);

    assertOneLine(work.err);
    assertThat(work.err).contains("conv9", "conv1, bn1, relu1, pool1, conv2");
    byte[] hdf5 = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n', 0, 0};
    Path damaged = Files.write(work.folder.resolve("model.h5"), hdf5);
    assertThat(train("--fine-tune", damaged.toString())).isEqualTo(ExitStatus.BAD_INPUT);
    assertOneLine(work.err);
    assertThat(work.err).contains("model.h5: ", "damaged");
  }

  @Test
  void architectureMayBeAFileOfDl4j() throws Exception {
    pictures(60);
    assertThat(train("--epochs", "1")).as(work.err).isZero();
    Path json = work.folder.resolve("network.json");
    try (var zip = new java.util.zip.ZipFile(work.output.resolve("model.zip").toFile())) {
      Files.write(json, zip.getInputStream(zip.getEntry("configuration.json")).readAllBytes());
    }
    String[] options = {"--architecture", json.toString(), "--validation-fraction", "0"};

    assertThat(train(withMore(options, "--overwrite"))).as(work.err).isZero();

    assertThat(rows("history", "epoch").get(1).<Double>getAs("validation_loss")).isNull();
    Files.writeString(json, "{}");
    assertThat(train(withMore(options, "--overwrite"))).isEqualTo(ExitStatus.BAD_INPUT);
    assertOneLine(work.err);
    assertThat(work.err).contains("no JSON of DL4J's");
  }

  @Test
  void workersMayShareGradients() throws Exception {
    pictures(120);

    int status = train("--training-master", "sharing", "--workers", "2");

    assertThat(status).as(work.err).isZero();
    List<Row> history = rows("history", "epoch");
    for (String loss : List.of("training_loss", "validation_loss")) {
      assertThat(history.get(1).<Double>getAs(loss))
          .isBetween(1e-6, history.get(0).<Double>getAs(loss));
    }
  }

  @Test
  void workersThatShareGradientsNeedATaskSlotEach() throws Exception {
    pictures(30);

    assertThat(train("--training-master", "sharing", "--workers", "3"))
        .isEqualTo(ExitStatus.BAD_INPUT);

    assertOneLine(work.err);
    assertThat(work.err).contains("Spark has 2 task slots", "--workers 2");
  }

  @Test
  void folderMayHoldMoreImagesThanAFirstShard() throws Exception {
    pictures(520);

    assertThat(train("--epochs", "1", "--architecture", "lenet")).as(work.err).isZero();

    assertThat(work.record().counts).isEqualTo(new RunRecord.Counts(520, 520, 0, 0, 0));
  }

  @Test
  void classesAreFoundInTheDataOrNamed() throws Exception {
    pictures(30);
    Path names = Files.writeString(work.folder.resolve("names.txt"), "red\nblue\n");

    assertThat(train("--class-names", names.toString())).isEqualTo(ExitStatus.BAD_INPUT);

    assertOneLine(work.err);
    assertThat(work.err).contains("Labels green are none of the 2 classes: red, blue.");
  }

  @Test
  void otherPicturesAreForTheMetricsAlone() throws Exception {
    pictures(60);
    Path test = Files.createDirectories(work.folder.resolve("test"));
    Files.write(Files.createDirectories(test.resolve("red")).resolve("a.png"), picture(300));
    String[] options = {"--test-images", test.toString(), "--class-weights", "balanced"};

    assertThat(train(options)).as(work.err).isZero();

    List<Row> tested =
        rows("metrics", "class_index").stream()
            .filter(row -> row.getAs("split").equals("test"))
            .toList();
    assertThat(tested).hasSize(4);
    assertThat(tested.get(0).<Long>getAs("images")).isEqualTo(1);

    Files.write(Files.createDirectories(test.resolve("pink")).resolve("b.png"), picture(1));
    assertThat(train(withMore(options, "--overwrite"))).isEqualTo(ExitStatus.BAD_INPUT);
    assertOneLine(work.err);
    assertThat(work.err).contains("Labels pink are none that the network learns: blue, green, red");
  }

  @Test
  void oneClassAloneIsNothingToTellApart() throws Exception {
    for (int i = 0; i < 6; i++) {
      work.write("red/%d.png".formatted(i), picture(3 * i));
    }

    assertThat(train()).isEqualTo(ExitStatus.BAD_INPUT);

    assertOneLine(work.err);
    assertThat(work.err).contains("all images are of the class 'red'");
  }

  @Test
  void classFolderWithoutImagesIsNamed() throws Exception {
    pictures(6);
    Files.createDirectories(work.images.resolve("violet"));

    assertThat(train()).isEqualTo(ExitStatus.BAD_INPUT);

    assertOneLine(work.err);
    assertThat(work.err).contains("Class folders without images").contains("violet");
  }

  @Test
  void classWithoutReadableImagesIsNamed() throws Exception {
    pictures(9);
    work.write("violet/bad.png", new byte[] {1});

    assertThat(train()).isEqualTo(ExitStatus.BAD_INPUT);

    assertOneLine(work.err);
    assertThat(work.err).contains("Classes without a picture that can be read: violet");
  }

  @Test
  void imagesThatTheLabelsDoNotMentionAreNamed() throws Exception {
    pictures(9);
    Path labels =
        Files.writeString(
            work.folder.resolve("labels.csv"), "path,label\nred/000.png,a\ngreen/001.png,b\n");

    assertThat(train("--labels", labels.toString())).isEqualTo(ExitStatus.BAD_INPUT);

    assertOneLine(work.err);
    assertThat(work.err).contains("7 of 9 images have no label", "002.png");
  }

  @Test
  void lossThatIsNoNumberStopsWithTheLastGoodEpochKept() throws Exception {
    pictures(60);

    assertThat(train("--optimizer", "sgd", "--learning-rate", "1e30"))
        .isEqualTo(ExitStatus.BAD_INPUT);

    assertOneLine(work.err);
    assertThat(work.err).contains("in epoch 1, iterations 1 to", "lower --learning-rate");
    assertThat(work.record().status).isEqualTo(RunRecord.Status.FAILED);
    assertThat(work.output.resolve("model.zip")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--architecture|alexnet|choose lenet, small-cnn",
        "--augment|rotate|flip, crop:SHARE",
        "--augment|crop:0|flip, crop:SHARE",
        "--optimizer|lion|sgd, nesterov",
        "--schedule|zigzag|constant, step",
        "--class-weights|heavy|none or balanced",
        "--training-master|gossip|choose averaging or sharing",
        "--validation-fraction|1|below 1",
        "--learning-rate|0|above 0",
        "--epochs|0|at least 1",
        "--input-size|8x8|does not take in pictures of 8x8",
      })
  void valuesThatMeanNothingAreOneLine(String option, String value, String says) throws Exception {
    pictures(6);

    assertThat(train(option, value)).as(work.err).isEqualTo(ExitStatus.BAD_INPUT);

    assertOneLine(work.err);
    assertThat(work.err).contains(says);
  }
}
