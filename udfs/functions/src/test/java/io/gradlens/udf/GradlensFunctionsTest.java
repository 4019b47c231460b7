package io.gradlens.udf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GradlensFunctionsTest {

  private static SparkSession spark;

  private final PatchModel network = new PatchModel();
  private String model;
  private ModelCache.Lease lease;

  @BeforeAll
  static void startSpark() {
    spark =
        SparkSession.builder().master("local[2]").config("spark.ui.enabled", "false").getOrCreate();
    spark.sparkContext().setLogLevel("ERROR");
    GradlensFunctions.register(spark);
    spark
        .createDataFrame(
            List.of(
                RowFactory.create("good", TestPictures.halves(200, 0, 0), null),
                RowFactory.create("bad", new byte[] {1, 2}, null),
                RowFactory.create("none", null, null)),
            Schemas.IMAGES)
        .createOrReplaceTempView("images");
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
  void functionsRunInTasksOverFiles(@TempDir Path folder) throws Exception {
    Files.write(folder.resolve("a.png"), TestPictures.halves(200, 0, 0));
    Files.write(folder.resolve("b.png"), TestPictures.halves(0, 200, 0));

    List<Row> looks =
        spark
            .read()
            .format("binaryFile")
            .load(folder.toString())
            .selectExpr("content", "gradcam(content, '" + model + "') AS look")
            .selectExpr(
                "look.error",
                "overlay_png(content, look.heatmap, look.heatmap_height, look.heatmap_width)",
                "heatmap_png(look.heatmap, look.heatmap_height, look.heatmap_width)")
            .collectAsList();

    assertThat(looks).hasSize(2);
    assertThat(looks).allMatch(row -> row.isNullAt(0) && !row.isNullAt(1) && !row.isNullAt(2));
  }

  @Test
  void gradcamGivesTheRowThatExplainGives() {
    Row look =
        one("SELECT g.* FROM (SELECT gradcam(content, '%s') g FROM images WHERE path = 'good')");
    Row row =
        Gradlens.explain(
                spark.table("images").where("path = 'good'"), ExplainOptions.of(model).build())
            .collectAsList()
            .get(0);

    assertThat(look.<String>getAs(Schemas.ERROR)).isNull();
    assertThat(look.schema().fieldNames()).startsWith(Schemas.EXPLANATIONS.fieldNames());
    for (String column :
        List.of("heatmap", "predicted_label", "raw_max", "layer", "model_sha256")) {
      assertThat(look.<Object>getAs(column)).isEqualTo(row.getAs(column));
    }
  }

  @Test
  void gradcamTakesTargetLayerMethodAndPreprocessing() {
    Row look =
        one(
            "SELECT g.* FROM (SELECT gradcam(content, '%s', 'class:blue', 'patches', 'hires-cam', 'tf')"
                + " AS g FROM images WHERE path = 'good')");

    assertThat(look.<String>getAs(Schemas.TARGET_LABEL)).isEqualTo("blue");
    assertThat(look.<String>getAs(Schemas.METHOD)).isEqualTo("hires-cam");
    assertThat(look.<Integer>getAs(Schemas.HEATMAP_WIDTH)).isEqualTo(4);
  }

  @Test
  void errorsStandInTheRow() {
    assertThat(error("gradcam(content, '%s')", "bad")).startsWith("decode: ");
    assertThat(error("gradcam(content, '%s')", "none")).contains("got null");
    assertThat(error("gradcam(content, '/no/such.keras')", "good")).contains("/no/such.keras");
    assertThat(error("gradcam(content, '%s', 'top2')", "good")).contains("one row");
    assertThat(error("gradcam(content, '%s', 'label')", "good")).startsWith("label: ");
    assertThat(error("gradcam(content, '%s', 'top1', 'conv9')", "good")).contains("conv9");
  }

  @Test
  void filterOnAFieldDoesNotComputeTwice() {
    spark
        .sql(
            "SELECT * FROM (SELECT gradcam(content, '%s') AS g FROM images WHERE path = 'good')"
                    .formatted(model)
                + " WHERE g.error IS NULL AND g.raw_max > 0")
        .collectAsList();

    assertThat(network.forwards).hasValue(1);
  }

  @Test
  void heatmapsAndOverlaysArePictures() throws Exception {
    BufferedImage heatmap =
        picture(one("SELECT heatmap_png(array(0f, 1f, 2f, 3f), 2, 2, 'viridis', 40, 30)"));
    assertThat(heatmap.getWidth()).isEqualTo(40);
    assertThat(heatmap.getHeight()).isEqualTo(30);
    assertThat(picture(one("SELECT heatmap_png(array(0.0, 1.0, 2.0, 3.0), 1, 4)")).getHeight())
        .isEqualTo(64);

    BufferedImage overlay =
        picture(
            one(
                "SELECT overlay_png(content, array(0f, 1f, 2f, 3f), 2, 2)"
                    + " FROM images WHERE path = 'good'"));
    assertThat(overlay.getWidth()).isEqualTo(16);
    BufferedImage crop =
        picture(
            one(
                "SELECT overlay_png(content, array(0f, 1f, 2f, 3f), 2, 2, 'jet', 2, 0, 12, 12)"
                    + " FROM images WHERE path = 'good'"));
    assertThat(crop.getWidth()).isEqualTo(12);
  }

  @Test
  void thumbnailsAreSmallCopiesOfFiles(@TempDir Path folder) throws Exception {
    Path file = Files.write(folder.resolve("a b.png"), TestPictures.halves(200, 0, 0));
    String content = "image_content('" + file + "')";

    BufferedImage half = picture(one("SELECT thumbnail_jpeg(" + content + ", 8)"));
    assertThat(half.getWidth()).isEqualTo(8);
    assertThat(half.getHeight()).isEqualTo(6);
    assertThat(half.getRGB(7, 3) >> 16 & 0xff).isCloseTo(200, within(12));
    BufferedImage whole = picture(one("SELECT thumbnail_jpeg(" + content + ")"));
    assertThat(whole.getWidth()).isEqualTo(16);
    BufferedImage crop = picture(one("SELECT thumbnail_jpeg(" + content + ", 6, 2, 0, 12, 12)"));
    assertThat(crop.getWidth()).isEqualTo(6);
    assertThat(crop.getHeight()).isEqualTo(6);
  }

  @Test
  void picturesThatCannotBeDrawnAreNull() {
    assertThat(one("SELECT image_content('/no/such.png')").isNullAt(0)).isTrue();
    assertThat(one("SELECT image_content('sha256:12')").isNullAt(0)).isTrue();
    assertThat(one("SELECT image_content(null)").isNullAt(0)).isTrue();
    assertThat(one("SELECT thumbnail_jpeg(content) FROM images WHERE path = 'bad'").isNullAt(0))
        .isTrue();
    assertThat(one("SELECT heatmap_png(array(0f, 1f), 2, 2)").isNullAt(0)).isTrue();
    assertThat(one("SELECT heatmap_png(null, 2, 2)").isNullAt(0)).isTrue();
    assertThat(one("SELECT heatmap_png(array(1f), 1, 1, 'hot')").isNullAt(0)).isTrue();
    assertThat(
            one("SELECT overlay_png(content, array(1f), 1, 1) FROM images WHERE path = 'bad'")
                .isNullAt(0))
        .isTrue();
  }

  @Test
  void wrongNumberOfArgumentsIsRefusedBeforeTheQueryRuns() {
    assertThatThrownBy(() -> one("SELECT gradcam(content) FROM images"))
        .hasMessageContaining("gradcam takes 2 to 6 arguments, got 1");
  }

  private String error(String call, String path) {
    return one("SELECT " + call + ".error FROM images WHERE path = '" + path + "'").getString(0);
  }

  private Row one(String sql) {
    return spark.sql(sql.replace("%s", model)).collectAsList().get(0);
  }

  private static BufferedImage picture(Row row) throws Exception {
    return ImageIO.read(new ByteArrayInputStream(row.<byte[]>getAs(0)));
  }
}
