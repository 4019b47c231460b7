package io.gradlens.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** A Parquet table that changes by whole appends: the rows that are visible in it are true. */
final class AppendedTable {

  /** Which folder under {@code _temporary} Hadoop's committer collects the files of tasks in. */
  private static final String COMMITS = "mapreduce.job.application.attempt.id";

  private final SparkSession spark;
  private final FileSystem files;
  private final Path path;
  private final StructType schema;
  private final Map<String, String> encryption;

  /**
   * Executors may outlive their driver, and a task of theirs commit while another driver has begun
   * to append: where this one does not look.
   */
  private final int commits = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);

  AppendedTable(SparkSession spark, Path path, StructType schema) {
    this.spark = spark;
    this.path = path;
    this.schema = schema;
    encryption = ColumnKeys.of(spark, schema);
    try {
      files = path.getFileSystem(spark.sessionState().newHadoopConf());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path path() {
    return path;
  }

  boolean exists() {
    return exists(path);
  }

  /** True if a write of the whole table was committed. */
  boolean isComplete() {
    return exists(new Path(path, "_SUCCESS"));
  }

  private boolean exists(Path file) {
    try {
      return files.exists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void delete() {
    delete(path);
  }

  /** Drops what dead tasks left, which Spark's committer would add to the next append. */
  void recover() {
    delete(new Path(path, "_temporary"));
  }

  private void delete(Path file) {
    try {
      files.delete(file, true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Appends rows, a file for every partition. */
  void append(Dataset<Row> rows) {
    append(rows, Map.of());
  }

  /**
   * @param options of Parquet's writer
   */
  void append(Dataset<Row> rows, Map<String, String> options) {
    rows.write()
        .options(options)
        .options(encryption)
        .option(COMMITS, commits)
        .mode(SaveMode.Append)
        .parquet(path.toString());
  }

  /** Writes rows in place of those that are there. */
  void replace(Dataset<Row> rows) {
    rows.write()
        .options(encryption)
        .option(COMMITS, commits)
        .mode(SaveMode.Overwrite)
        .parquet(path.toString());
  }

  /** Takes another's place, which is not there. */
  void moveTo(AppendedTable other) {
    try {
      if (!files.rename(path, other.path)) {
        throw new IOException("Cannot rename %s to %s".formatted(path, other.path));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The rows that are there. */
  Dataset<Row> rows() {
    return exists()
        ? spark.read().schema(schema).parquet(path.toString())
        : spark.createDataFrame(List.of(), schema);
  }
}
