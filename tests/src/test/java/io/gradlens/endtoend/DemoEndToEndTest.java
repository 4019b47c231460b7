package io.gradlens.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradlens.udf.Schemas;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoEndToEndTest {

  @TempDir private Path folder;

  @Test
  void demoRunsFromAnyFolderAndAccountsForEveryPicture() throws Exception {
    CommandLine.assumePackaged();
    Path samples = CommandLine.root().resolve("data-samples");
    assumeTrue(Files.exists(samples.resolve("model/shapes-cnn.zip")), "no sample network");
    Path output = folder.resolve("demo");

    CommandLine.Result demo =
        CommandLine.run(
            folder,
            List.of(
                "explain",
                "--config",
                CommandLine.root().resolve("conf/demo.conf").toString(),
                "--output",
                output.toString()));

    assertThat(demo.status()).as(demo.err()).isZero();
    assertThat(demo.out()).contains(output + "/explanations", output + "/failures");
    JsonNode counts =
        new ObjectMapper().readTree(output.resolve("run.json").toFile()).get("counts");
    assertThat(counts.get("input").asInt()).isGreaterThanOrEqualTo(40);
    assertThat(counts.get("failed").asInt()).isBetween(2, 5);
    try (SparkSession spark = session()) {
      Set<String> explained = new TreeSet<>();
      for (Row row :
          rows(spark, output.resolve("explanations"), Schemas.EXPLANATIONS.fieldNames())) {
        explained.add(row.getAs(Schemas.IMAGE_URI));
        assertThat(row.<Float>getList(row.fieldIndex(Schemas.HEATMAP))).allMatch(Float::isFinite);
        byte[] overlay = row.getAs(Schemas.OVERLAY_PNG);
        assertThat(ImageIO.read(new ByteArrayInputStream(overlay))).isNotNull();
      }
      Set<String> failed = new TreeSet<>();
      rows(spark, output.resolve("failures"), Schemas.FAILURES.fieldNames())
          .forEach(row -> failed.add(row.getAs(Schemas.IMAGE_URI)));
      assertThat(explained).hasSize(counts.get("ok").asInt()).doesNotContainAnyElementsOf(failed);
      assertThat(failed).hasSize(counts.get("failed").asInt());
      assertThat(explained.size() + failed.size()).isEqualTo(counts.get("input").asInt());
    }
  }

  private static SparkSession session() {
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate();
    spark.sparkContext().setLogLevel("ERROR");
    return spark;
  }

  /** The table's rows, and its columns are those of the contract, in order. */
  private static List<Row> rows(SparkSession spark, Path table, String[] columns) {
    var rows = spark.read().parquet(table.toString());
    assertThat(rows.columns()).containsExactly(columns);
    return rows.collectAsList();
  }
}
