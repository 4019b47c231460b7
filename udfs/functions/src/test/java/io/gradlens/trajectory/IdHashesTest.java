package io.gradlens.trajectory;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdHashesTest {

  private static SparkSession spark;

  @BeforeAll
  static void startSpark() {
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
    spark.stop();
  }

  /** Ids {@code piece-0}, … with one number more behind them, over so many tasks. */
  private static Dataset<Row> ids(long count, long more, int tasks) {
    return spark
        .range(0, count, 1, tasks)
        .union(spark.range(more, more + 1, 1, 1))
        .selectExpr("concat('piece-', id) as trajectory_id");
  }

  /** In the first task of several, or the last but one, beside one that is in a task of its own. */
  @ParameterizedTest
  @CsvSource({"1,1,0", "4097,3,5", "30000,5,29999"})
  void aRepeatedIdIsFoundWhereverItIs(long count, int tasks, long again) {
    assertThat(IdHashes.allDiffer(ids(count, count, tasks))).isTrue();
    assertThat(IdHashes.allDiffer(ids(count, again, tasks))).isFalse();
  }

  @Test
  void twoInOneTaskAreFound() {
    Dataset<Row> pairs =
        spark.range(0, 9000, 1, 1).selectExpr("cast(id div 2 as string) as trajectory_id");

    assertThat(IdHashes.allDiffer(pairs)).isFalse();
  }

  @Test
  void nothingDiffers() {
    assertThat(IdHashes.allDiffer(ids(0, 0, 1).limit(0))).isTrue();
  }
}
