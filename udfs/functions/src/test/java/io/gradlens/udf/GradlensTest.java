package io.gradlens.udf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradlens.UserInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GradlensTest {

  private static SparkSession spark;

  private final PatchModel network = new PatchModel();
  private String model;
  private ModelCache.Lease lease;

  @BeforeAll
  static void startSpark() {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .getOrCreate();
    spark.sparkContext().setLogLevel("ERROR");
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

  @BeforeEach
  void primeModel(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("model.bin"), UUID.randomUUID().toString());
    model = file.toString();
    lease = ModelCache.acquire(Digests.sha256(file), () -> network);
  }

  @AfterEach
  void giveModelBack() {
    lease.close();
  }

  @Test
  void mapOfHalfBrightPictureIsBrightOnThatHalf() {
    Row row =
        explain(ExplainOptions.of(model), image("a.png", TestPictures.halves(200, 0, 0))).get(0);

    List<Float> map = row.getList(row.fieldIndex(Schemas.HEATMAP));
    // Red weighs 1/4 over 2x2 cells; the filter mixes the halves only where they meet, in one of
    // the four columns of a cell, so that the outer columns keep 50 and 200.
    assertThat(map.get(0)).isBetween(50 / 255f / 4, 60 / 255f / 4);
    assertThat(map.get(1)).isBetween(190 / 255f / 4, 200 / 255f / 4);
    assertThat(row.<String>getAs(Schemas.PREDICTED_LABEL)).isEqualTo("red");
    assertThat(row.<Integer>getAs(Schemas.TARGET_RANK)).isEqualTo(1);
    assertThat(row.<Integer>getAs(Schemas.WIDTH)).isEqualTo(16);
    assertThat(row.<Integer>getAs(Schemas.CROP_HEIGHT)).isEqualTo(12);
    assertThat(row.<String>getAs(Schemas.LAYER)).isEqualTo("quarters");
    assertThat(row.getList(row.fieldIndex(Schemas.TOP_K))).hasSize(4);
    assertThat(row.<Boolean>getAs(Schemas.IS_ZERO_MAP)).isFalse();
    assertThat(row.<Object>getAs(Schemas.SIGNED_MAP)).isNull();
    assertThat(row.<Object>getAs(Schemas.OVERLAY_PNG)).isNull();
  }

  @Test
  void mapWithoutPositiveValueIsFlagged() {
    Row row =
        explain(
                ExplainOptions.of(model).target("class:dark").signed(true),
                image("a.png", TestPictures.halves(200, 100, 50)))
            .get(0);

    assertThat(row.<Boolean>getAs(Schemas.IS_ZERO_MAP)).isTrue();
    assertThat(row.<Float>getAs(Schemas.RAW_MAX)).isNegative();
    assertThat(row.<Float>getList(row.fieldIndex(Schemas.HEATMAP))).containsOnly(0f);
    assertThat(row.<Float>getList(row.fieldIndex(Schemas.SIGNED_MAP))).allMatch(v -> v < 0);
  }

  @Test
  void everyTargetLayerAndMethodHasOneRow() {
    List<Row> rows =
        explain(
            ExplainOptions.of(model)
                .target("top2,class:red,class:2,label")
                .layer("patches,auto")
                .method("grad-cam,hires-cam"),
            RowFactory.create("a.png", TestPictures.halves(200, 100, 0), "green"));

    // Top 2 are red and green, so class:red and label add nothing; blue does.
    assertThat(rows).hasSize(3 * 2 * 2);
    assertThat(rows.stream().map(GradlensTest::key)).doesNotHaveDuplicates();
    assertThat(rows)
        .extracting(row -> row.getAs(Schemas.TARGET_LABEL))
        .containsOnly("red", "green", "blue");
    assertThat(network.forwards).hasValue(1);
  }

  @Test
  void badImagesBecomeRowsWithStageAndReason() {
    Row[] images = {
      image("good.png", TestPictures.noise(1)),
      image("text.jpg", "hello".getBytes()),
      image("empty.png", new byte[0]),
      RowFactory.create("file:/no/such/file.png", null, "red"),
      RowFactory.create("mislabelled.png", TestPictures.noise(2), "mauve"),
      RowFactory.create("unlabelled.png", TestPictures.noise(3), null),
    };

    Map<String, String> stages = new TreeMap<>();
    for (Row row : explain(ExplainOptions.of(model).target("label"), images)) {
      Row failure = row.getAs(Schemas.FAILURE);
      stages.put(
          row.getAs(Schemas.IMAGE_URI), failure == null ? "ok" : failure.getAs(Schemas.STAGE));
      if (failure != null) {
        assertThat(failure.<String>getAs(Schemas.MESSAGE)).isNotBlank().doesNotContain("\n");
      }
    }

    assertThat(stages)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "good.png", "ok",
                "text.jpg", "decode",
                "empty.png", "decode",
                "file:/no/such/file.png", "read",
                "mislabelled.png", "label",
                "unlabelled.png", "label"));
  }

  @Test
  void rowsDoNotDependOnPartitionsOrNeighbours() {
    List<Row> images = new ArrayList<>();
    for (int i = 0; i < 13; i++) {
      images.add(image("%02d.png".formatted(i), TestPictures.noise(i)));
    }
    ExplainOptions options = ExplainOptions.of(model).target("top1,label").batchSize(4).build();
    Dataset<Row> data = spark.createDataFrame(images, Schemas.IMAGES);

    Map<String, String> whole = byKey(Gradlens.explain(data.coalesce(1), options).collectAsList());
    for (int partitions : new int[] {2, 3, 13}) {
      Dataset<Row> cut = data.repartition(partitions, data.col(Schemas.PATH));
      assertThat(byKey(Gradlens.explain(cut, options).collectAsList())).isEqualTo(whole);
    }
    assertThat(network.lastBatch).as("the tail is padded").hasValue(4);
  }

  @Test
  void redactedRowsHoldNoPath() {
    List<Row> rows =
        explain(
            ExplainOptions.of(model).redactPaths(true),
            image("/secret/ward/a.png", TestPictures.noise(1)),
            RowFactory.create("file:/secret/ward/b.png", null, null));

    assertThat(rows).hasSize(2);
    assertThat(rows).noneMatch(row -> row.toString().contains("secret"));
    assertThat(rows)
        .extracting(row -> row.<String>getAs(Schemas.IMAGE_URI))
        .contains("sha256:" + Digests.sha256("/secret/ward/a.png"));
  }

  @Test
  void overlayShowsThePartThatTheNetworkSaw() throws Exception {
    Row row =
        explain(
                ExplainOptions.of(model).overlay("png").fit("center-crop"),
                image("a.png", TestPictures.noise(1)))
            .get(0);

    var picture =
        javax.imageio.ImageIO.read(
            new java.io.ByteArrayInputStream(row.<byte[]>getAs(Schemas.OVERLAY_PNG)));
    assertThat(picture.getWidth()).isEqualTo(row.<Integer>getAs(Schemas.CROP_WIDTH)).isEqualTo(10);
    assertThat(picture.getHeight()).isEqualTo(10);
    assertThat(row.<Integer>getAs(Schemas.CROP_X)).isEqualTo(5);
  }

  @Test
  void overlayCanHaveTheOriginalBesideIt() throws Exception {
    Row row =
        explain(
                ExplainOptions.of(model).overlay("side-by-side").fit("center-crop"),
                image("a.png", TestPictures.noise(1)))
            .get(0);

    var picture =
        javax.imageio.ImageIO.read(
            new java.io.ByteArrayInputStream(row.<byte[]>getAs(Schemas.OVERLAY_PNG)));
    assertThat(picture.getWidth()).isEqualTo(20);
    assertThat(picture.getHeight()).isEqualTo(10);
  }

  @Test
  void whatTheModelDoesNotHaveIsRefusedBeforeSparkRuns() {
    assertRefused(ExplainOptions.of(model).layer("conv9"), "conv9", "patches, quarters");
    assertRefused(ExplainOptions.of(model).layer("head"), "no rows and columns");
    assertRefused(ExplainOptions.of(model).target("class:mauve"), "mauve", "blue, dark");
    assertRefused(ExplainOptions.of(model).target("class:4"), "Class '4'");
    assertRefused(ExplainOptions.of(model).target("top5"), "top5", "4 classes");
    assertRefused(ExplainOptions.of(model).classNames("a\nb"), "2 class names");
    assertRefused(ExplainOptions.of("/no/such/model.keras"), "/no/such/model.keras");
    assertThat(network.forwards).hasValue(0);
  }

  private void assertRefused(ExplainOptions.Builder options, String... words) {
    Dataset<Row> none = spark.createDataFrame(List.of(), Schemas.IMAGES);
    assertThatThrownBy(() -> Gradlens.explain(none, options.build()))
        .isInstanceOf(UserInputException.class)
        .hasMessageContainingAll(words);
  }

  private static Row image(String path, byte[] content) {
    return RowFactory.create(path, content, "red");
  }

  private List<Row> explain(ExplainOptions.Builder options, Row... images) {
    Dataset<Row> data = spark.createDataFrame(List.of(images), Schemas.IMAGES);
    return Gradlens.explain(data, options.build()).collectAsList();
  }

  private static String key(Row row) {
    return List.of(
            row.getAs(Schemas.IMAGE_URI),
            row.getAs(Schemas.TARGET_INDEX),
            row.getAs(Schemas.LAYER),
            row.getAs(Schemas.METHOD))
        .toString();
  }

  /** Whole rows as text, which tells every bit of a float, without the run that they come from. */
  private static Map<String, String> byKey(List<Row> rows) {
    Map<String, String> byKey = new TreeMap<>();
    for (Row row : rows) {
      byKey.put(key(row), row.toSeq().drop(3).toString());
    }
    assertThat(byKey).hasSameSizeAs(rows);
    return byKey;
  }
}
