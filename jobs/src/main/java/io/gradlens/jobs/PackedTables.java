package io.gradlens.jobs;

import static org.apache.spark.sql.functions.col;

import io.gradlens.udf.Schemas;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** The tables of {@code pack}: images, and files that could not be read. They grow by appends. */
final class PackedTables implements OutputTables {

  /** What a task holds in memory before it writes; pictures do not compress, or repeat. */
  private static final Map<String, String> WRITING =
      Map.of(
          "parquet.block.size",
          Integer.toString(32 << 20),
          "parquet.enable.dictionary#" + Schemas.CONTENT,
          "false");

  private final SparkSession spark;
  private final FileSystem files;
  private final Path images;
  private final Path failures;

  PackedTables(SparkSession spark, Path folder) {
    this.spark = spark;
    images = new Path(folder, "images");
    failures = new Path(folder, "failures");
    try {
      files = folder.getFileSystem(spark.sessionState().newHadoopConf());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path imagesPath() {
    return images;
  }

  Path failuresPath() {
    return failures;
  }

  @Override
  public boolean exist() {
    return exists(images) || exists(failures);
  }

  @Override
  public void delete() {
    delete(images);
    delete(failures);
  }

  /** Drops what dead tasks left, which Spark's committer would add to the next append. */
  void recover() {
    delete(new Path(images, "_temporary"));
    delete(new Path(failures, "_temporary"));
  }

  /** Appends rows of {@link Schemas#IMAGES}, a file for every partition. */
  void append(Dataset<Row> rows) {
    rows.write().options(WRITING).mode(SaveMode.Append).parquet(images.toString());
  }

  /** Appends failures; without any, only to make the table. */
  void appendFailures(Collection<FileReading.Failed> failed, RunRecord record) {
    List<Row> rows =
        failed.stream()
            .map(
                each ->
                    RowFactory.create(
                        record.runId,
                        record.attempt,
                        each.uri(),
                        null,
                        "read",
                        each.errorClass(),
                        each.message()))
            .toList();
    if (!rows.isEmpty() || !exists(failures)) {
      spark
          .createDataFrame(rows, Schemas.FAILURES)
          .coalesce(1)
          .write()
          .mode(SaveMode.Append)
          .parquet(failures.toString());
    }
  }

  /** The paths of all images that are there. */
  Dataset<Row> packed() {
    return read(images, Schemas.IMAGES).select(Schemas.PATH);
  }

  /** The paths of all files that could not be read. */
  Dataset<Row> failed() {
    return read(failures, Schemas.FAILURES).select(col(Schemas.IMAGE_URI).as(Schemas.PATH));
  }

  /** Which of these are there as images: a task that failed may have been tried again. */
  Set<String> packed(Collection<String> paths) {
    return packed()
        .where(col(Schemas.PATH).isin(paths.toArray()))
        .as(Encoders.STRING())
        .collectAsList()
        .stream()
        .collect(Collectors.toSet());
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
}
