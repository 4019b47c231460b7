package io.gradlens.jobs;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;

import io.gradlens.udf.Gradlens;
import io.gradlens.udf.Schemas;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** The tables of a run, and how they change: by whole appends, and one swap. */
final class ResultTables implements OutputTables {

  private static final int ROWS_A_FILE = 2500;
  private static final String LAST = "last_attempt";

  private final SparkSession spark;
  private final FileSystem files;
  private final Path explanations;
  private final Path failures;
  private final Path nextFailures;
  private final Path oldFailures;

  ResultTables(SparkSession spark, Path folder) {
    this.spark = spark;
    try {
      files = folder.getFileSystem(spark.sessionState().newHadoopConf());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    explanations = new Path(folder, "explanations");
    failures = new Path(folder, "failures");
    nextFailures = new Path(folder, "_failures.next");
    oldFailures = new Path(folder, "_failures.old");
  }

  Path explanationsPath() {
    return explanations;
  }

  Path failuresPath() {
    return failures;
  }

  @Override
  public boolean exist() {
    return exists(explanations) || exists(failures);
  }

  @Override
  public void delete() {
    for (Path path : new Path[] {explanations, failures, nextFailures, oldFailures}) {
      delete(path);
    }
  }

  /**
   * Brings the tables into order after a process died: ends a swap of failures that was begun, and
   * drops what dead tasks left, which Spark's committer would add to the next append.
   */
  void recover() {
    if (!exists(failures) && exists(new Path(nextFailures, "_SUCCESS"))) {
      rename(nextFailures, failures);
    }
    delete(nextFailures);
    delete(oldFailures);
    delete(new Path(explanations, "_temporary"));
    delete(new Path(failures, "_temporary"));
  }

  /** Appends a shard's results; what has no rows is appended only to make the table. */
  void append(Dataset<Row> results, long explained, long failed) {
    append(Gradlens.explanations(results), explained, explanations);
    append(Gradlens.failures(results), failed, failures);
  }

  private void append(Dataset<Row> rows, long count, Path table) {
    if (count > 0 || !exists(table)) {
      int parts = (int) Math.max(1, count / ROWS_A_FILE);
      rows.coalesce(parts).write().mode(SaveMode.Append).parquet(table.toString());
    }
  }

  /** Of the images with these uris, the rows that are there: keys only. */
  Dataset<Row> explanationKeys(Dataset<Row> uris) {
    return read(explanations, Schemas.EXPLANATIONS)
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
    return read(failures, Schemas.FAILURES)
        .select(Schemas.IMAGE_URI, Schemas.IMAGE_SHA256)
        .join(broadcast(uris), Schemas.IMAGE_URI);
  }

  /**
   * After failures were retried: keeps of every image's failures those of its last attempt, and
   * none where it was explained since. The new table is complete before it takes the old one's
   * place; {@link #recover} ends what a crash in between leaves.
   */
  void settleFailures() {
    Dataset<Row> all = read(failures, Schemas.FAILURES);
    Dataset<Row> last = lastAttempts(all).withColumnRenamed(LAST, Schemas.ATTEMPT);
    Dataset<Row> explained = lastAttempts(read(explanations, Schemas.EXPLANATIONS));
    all.join(last, new String[] {Schemas.IMAGE_URI, Schemas.ATTEMPT}, "left_semi")
        .join(explained, new String[] {Schemas.IMAGE_URI}, "left")
        .where(col(LAST).isNull().or(col(LAST).leq(col(Schemas.ATTEMPT))))
        .selectExpr(Schemas.FAILURES.fieldNames())
        .coalesce(1)
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(nextFailures.toString());
    rename(failures, oldFailures);
    rename(nextFailures, failures);
    delete(oldFailures);
  }

  private static Dataset<Row> lastAttempts(Dataset<Row> rows) {
    return rows.groupBy(Schemas.IMAGE_URI).agg(max(Schemas.ATTEMPT).as(LAST));
  }

  private Dataset<Row> read(Path table, StructType schema) {
    return exists(table)
        ? spark.read().schema(schema).parquet(table.toString())
        : spark.createDataFrame(List.of(), schema);
  }

  private boolean exists(Path path) {
    try {
      return files.exists(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void delete(Path path) {
    try {
      files.delete(path, true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void rename(Path from, Path to) {
    try {
      if (!files.rename(from, to)) {
        throw new IOException("Cannot rename %s to %s".formatted(from, to));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
