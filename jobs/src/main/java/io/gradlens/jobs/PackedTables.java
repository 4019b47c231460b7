package io.gradlens.jobs;

import static org.apache.spark.sql.functions.col;

import io.gradlens.udf.Schemas;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** The tables of {@code pack}: images, and files that could not be read. */
final class PackedTables implements OutputTables {

  /** What a task holds in memory before it writes; pictures do not compress, or repeat. */
  private static final Map<String, String> WRITING =
      Map.of(
          "parquet.block.size",
          Integer.toString(32 << 20),
          "parquet.enable.dictionary#" + Schemas.CONTENT,
          "false");

  private final SparkSession spark;
  private final AppendedTable images;
  private final AppendedTable failures;

  PackedTables(SparkSession spark, Path folder) {
    this.spark = spark;
    images = new AppendedTable(spark, new Path(folder, "images"), Schemas.IMAGES);
    failures = new AppendedTable(spark, new Path(folder, "failures"), Schemas.FAILURES);
  }

  Path imagesPath() {
    return images.path();
  }

  Path failuresPath() {
    return failures.path();
  }

  @Override
  public boolean exist() {
    return images.exists() || failures.exists();
  }

  @Override
  public void delete() {
    images.delete();
    failures.delete();
  }

  void recover() {
    images.recover();
    failures.recover();
  }

  /** Appends rows of {@link Schemas#IMAGES}, a file for every partition. */
  void append(Dataset<Row> rows) {
    images.append(rows, WRITING);
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
    if (!rows.isEmpty() || !failures.exists()) {
      failures.append(spark.createDataFrame(rows, Schemas.FAILURES).coalesce(1));
    }
  }

  /** The paths of all images that are there. */
  Dataset<Row> packed() {
    return images.rows().select(Schemas.PATH);
  }

  /** The paths of all files that could not be read. */
  Dataset<Row> failed() {
    return failures.rows().select(col(Schemas.IMAGE_URI).as(Schemas.PATH));
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
}
