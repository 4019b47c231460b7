package io.gradlens.references;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradlens.jobs.Gradlens;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A real ImageNet SqueezeNet on real photographs, through the command line, against what TensorFlow
 * computed from the same file: predicted class, probability, logit and five kinds of raw maps.
 */
class SqueezeNetReferenceTest {
  @TempDir static Path folder;
  private static SparkSession spark;

  @BeforeAll
  static void start() {
    RealData.path("expected");
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .getOrCreate();
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.stop();
    }
  }

  private static Dataset<Row> explain(String images, String target, String methods) {
    Path output = folder.resolve(images + "-" + target.replace(':', '-'));
    int status =
        Gradlens.run(
            "explain",
            "--images",
            RealData.path("images/" + images).toString(),
            "--model",
            RealData.path("models/squeezenet_v1.0_imagenet.h5").toString(),
            "--class-names",
            RealData.path("models/imagenet_class_index.json").toString(),
            "--channel-order",
            "bgr",
            "--mean",
            "104,117,123",
            "--labels",
            "none",
            "--method",
            methods,
            "--target",
            target,
            "--output",
            output.toString());
    assertThat(status).isZero();
    spark = SparkSession.builder().master("local[2]").getOrCreate();
    return spark.read().parquet(output.resolve("explanations").toString());
  }

  private static String key(String image, String method) {
    return image.substring(image.lastIndexOf('/') + 1) + " " + method;
  }

  private static Map<String, Row> byImageAndMethod(Dataset<Row> rows, String image) {
    Map<String, Row> map = new HashMap<>();
    for (Row row : rows.collectAsList()) {
      map.put(key(row.getAs(image), row.getAs("method")), row);
    }
    return map;
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"imagenet,64", "kangaroo,41", "edge,12"})
  void classesProbabilitiesAndMapsAgreeWithTensorFlow(String images, int pictures) {
    Map<String, Row> got =
        byImageAndMethod(
            explain(images, "top1", "grad-cam,grad-cam++,hires-cam,layer-cam,xgrad-cam"),
            "image_uri");
    Map<String, Row> expected =
        byImageAndMethod(
            spark
                .read()
                .parquet(RealData.path("expected/squeezenet_fire9_" + images + ".parquet") + ""),
            "image");
    List<Double> differences = new ArrayList<>();
    for (Map.Entry<String, Row> entry : expected.entrySet()) {
      Row row = got.get(entry.getKey());
      if (row == null) {
        assertThat(entry.getKey()).as("only the truncated picture fails").startsWith("00090.jpg");
        continue;
      }
      Row reference = entry.getValue();
      assertThat((long) row.<Integer>getAs("predicted_index"))
          .as(entry.getKey())
          .isEqualTo(reference.<Long>getAs("target_index"));
      double probability = row.<Float>getAs("target_probability");
      assertThat(probability - reference.<Double>getAs("probability"))
          .as(entry.getKey())
          .isBetween(-1e-3, 1e-3);
      differences.add(
          difference(
              row.getList(row.fieldIndex("heatmap")),
              reference.getList(reference.fieldIndex("raw_map"))));
    }
    assertThat(differences).hasSize(5 * pictures);
    long close = differences.stream().filter(d -> d <= 1e-4).count();
    double worst = differences.stream().mapToDouble(d -> d).max().orElseThrow();
    System.out.printf(
        "%s: %d of %d maps within 1e-4 of their maximum, the worst %.2e%n",
        images, close, differences.size(), worst);
    assertThat(close).isGreaterThanOrEqualTo(Math.round(0.95 * differences.size()));
    assertThat(worst).isLessThanOrEqualTo(1e-2);
  }

  /** The largest difference as a share of the reference's maximum. */
  private static double difference(List<Float> map, List<Double> reference) {
    assertThat(map).hasSameSizeAs(reference);
    double max = reference.stream().mapToDouble(d -> d).max().orElseThrow();
    double worst = 0;
    for (int i = 0; i < map.size(); i++) {
      worst = Math.max(worst, Math.abs(map.get(i) - reference.get(i)));
    }
    return max == 0 ? worst : worst / max;
  }

  @Test
  void mapsPointAtTheKangaroos() throws Exception {
    Map<String, Row> got =
        byImageAndMethod(explain("kangaroo", "class:104", "grad-cam"), "image_uri");
    Map<String, Row> expected =
        byImageAndMethod(
            spark
                .read()
                .parquet(RealData.path("expected/squeezenet_fire9_kangaroo_class104.parquet") + ""),
            "image");
    int hits = 0;
    int equal = 0;
    double energy = 0;
    for (Map.Entry<String, Row> entry : got.entrySet()) {
      String image = entry.getKey().substring(0, entry.getKey().indexOf('.'));
      VocBoxes boxes = VocBoxes.read(RealData.path("images/kangaroo/" + image + ".xml"));
      Row row = entry.getValue();
      PointingGame game = PointingGame.play(row, boxes);
      hits += game.hit() ? 1 : 0;
      energy += game.energyInBox();
      equal += game.hit() == expected.get(entry.getKey()).<Boolean>getAs("pointing_hit") ? 1 : 0;
    }
    System.out.printf(
        "kangaroo, class 104: pointing game %.3f, energy in box %.3f over %d photographs; %d hits"
            + " as expected%n",
        (double) hits / got.size(), energy / got.size(), got.size(), equal);
    assertThat(got).hasSize(41);
    assertThat(equal).isGreaterThanOrEqualTo(40);
  }
}
