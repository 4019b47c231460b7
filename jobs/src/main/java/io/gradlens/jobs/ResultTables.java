package io.gradlens.jobs;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;

import io.gradlens.udf.Gradlens;
import io.gradlens.udf.Schemas;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The tables of a run, and how they change: by whole appends, and one swap. */
final class ResultTables implements OutputTables {

  private static final int ROWS_A_FILE = 2500;
  private static final String LAST = "last_attempt";

  /** Measured numbers do not repeat, nor do pictures: a dictionary of them is work for nothing. */
  private static final Map<String, String> WRITING =
      Stream.of(
              Schemas.HEATMAP + ".list.element",
              Schemas.SIGNED_MAP + ".list.element",
              Schemas.CHANNEL_WEIGHTS + ".list.element",
              Schemas.OVERLAY_PNG,
              Schemas.IMAGE_SHA256,
              Schemas.IMAGE_URI,
              Schemas.PREDICTED_PROBABILITY,
              Schemas.RAW_MAX,
              Schemas.RAW_MIN,
              Schemas.TARGET_LOGIT,
              Schemas.TARGET_PROBABILITY,
              Schemas.TOP_K + ".list.element.logit",
              Schemas.TOP_K + ".list.element.probability")
          .collect(
              Collectors.toUnmodifiableMap(
                  column -> "parquet.enable.dictionary#" + column, column -> "false"));

  private final AppendedTable explanations;
  private final AppendedTable failures;
  private final AppendedTable nextFailures;
  private final AppendedTable oldFailures;

  ResultTables(SparkSession spark, Path folder) {
    explanations = new AppendedTable(spark, new Path(folder, "explanations"), Schemas.EXPLANATIONS);
    failures = new AppendedTable(spark, new Path(folder, "failures"), Schemas.FAILURES);
    nextFailures = new AppendedTable(spark, new Path(folder, "_failures.next"), Schemas.FAILURES);
    oldFailures = new AppendedTable(spark, new Path(folder, "_failures.old"), Schemas.FAILURES);
  }

  Path explanationsPath() {
    return explanations.path();
  }

  Path failuresPath() {
    return failures.path();
  }

  @Override
  public boolean exist() {
    return explanations.exists() || failures.exists();
  }

  @Override
  public void delete() {
    List.of(explanations, failures, nextFailures, oldFailures).forEach(AppendedTable::delete);
  }

  /**
   * Brings the tables into order after a process died: ends a swap of failures that was begun, and
   * drops what dead tasks left.
   */
  void recover() {
    if (!failures.exists() && nextFailures.isComplete()) {
      nextFailures.moveTo(failures);
    }
    nextFailures.delete();
    oldFailures.delete();
    explanations.recover();
    failures.recover();
  }

  /** Appends a shard's explanations; where it has none, only to make the table. */
  void appendExplanations(Dataset<Row> results, long count) {
    append(Gradlens.explanations(results), count, explanations);
  }

  /** The same for its failures. */
  void appendFailures(Dataset<Row> results, long count) {
    append(Gradlens.failures(results), count, failures);
  }

  private static void append(Dataset<Row> rows, long count, AppendedTable table) {
    if (count > 0 || !table.exists()) {
      table.append(rows.coalesce((int) Math.max(1, count / ROWS_A_FILE)), WRITING);
    }
  }

  /** Of the images with these uris, the rows that are there: keys only. */
  Dataset<Row> explanationKeys(Dataset<Row> uris) {
    return explanations
        .rows()
        .select(
            Schemas.IMAGE_URI,
            Schemas.IMAGE_SHA256,
            Schemas.TARGET_INDEX,
            Schemas.TARGET_RANK,
            Schemas.LAYER,
            Schemas.METHOD)
        .join(broadcast(uris), Schemas.IMAGE_URI);
  }

  /** Of the images with these uris, those that failed. */
  Dataset<Row> failureKeys(Dataset<Row> uris) {
    return failures
        .rows()
        .select(Schemas.IMAGE_URI, Schemas.IMAGE_SHA256)
        .join(broadcast(uris), Schemas.IMAGE_URI);
  }

  /**
   * After failures were retried: keeps of every image's failures those of its last attempt, and
   * none where it was explained since. The new table is complete before it takes the old one's
   * place; {@link #recover} ends what a crash in between leaves.
   */
  void settleFailures() {
    Dataset<Row> all = failures.rows();
    Dataset<Row> last = lastAttempts(all).withColumnRenamed(LAST, Schemas.ATTEMPT);
    Dataset<Row> explained = lastAttempts(explanations.rows());
    nextFailures.replace(
        all.join(last, new String[] {Schemas.IMAGE_URI, Schemas.ATTEMPT}, "left_semi")
            .join(explained, new String[] {Schemas.IMAGE_URI}, "left")
            .where(col(LAST).isNull().or(col(LAST).leq(col(Schemas.ATTEMPT))))
            .selectExpr(Schemas.FAILURES.fieldNames())
            .coalesce(1));
    failures.moveTo(oldFailures);
    nextFailures.moveTo(failures);
    oldFailures.delete();
  }

  private static Dataset<Row> lastAttempts(Dataset<Row> rows) {
    return rows.groupBy(Schemas.IMAGE_URI).agg(max(Schemas.ATTEMPT).as(LAST));
  }
}
