package io.gradlens.jobs;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Tables and files of a run that are written once, whole, when they are known. */
final class ResultFolder {
  private final SparkSession spark;
  private final Path folder;
  private final FileSystem files;

  ResultFolder(SparkSession spark, Path folder) {
    this.spark = spark;
    this.folder = folder;
    try {
      files = folder.getFileSystem(spark.sessionState().newHadoopConf());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path path(String name) {
    return new Path(folder, name);
  }

  /** The store of files in a folder of this one. */
  OutputStore store(String name) {
    try {
      return OutputStore.at(path(name), spark.sessionState().newHadoopConf());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean exists(String name) {
    try {
      return files.exists(path(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void delete(String name) {
    try {
      files.delete(path(name), true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a table of few rows, in place of one that is there. */
  void table(String name, List<Row> rows, StructType schema) {
    spark
        .createDataFrame(rows, schema)
        .coalesce(1)
        .write()
        .options(ColumnKeys.of(spark, schema))
        .mode(SaveMode.Overwrite)
        .parquet(path(name).toString());
  }

  void write(String name, String text) {
    write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  void write(String name, byte[] bytes) {
    files.setWriteChecksum(false);
    try (OutputStream out = files.create(path(name), true)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + name, e);
    }
  }
}
