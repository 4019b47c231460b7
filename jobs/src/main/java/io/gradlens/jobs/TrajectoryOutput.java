package io.gradlens.jobs;

import io.gradlens.trajectory.TrajectorySchemas;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The one table of a run over trajectories: it changes by whole appends. */
final class TrajectoryOutput implements OutputTables {

  private final SparkSession spark;
  private final FileSystem files;
  private final Path table;
  private final StructType schema;

  TrajectoryOutput(SparkSession spark, Path folder, String name, StructType schema) {
    this.spark = spark;
    this.schema = schema;
    table = new Path(folder, name);
    try {
      files = folder.getFileSystem(spark.sessionState().newHadoopConf());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path path() {
    return table;
  }

  @Override
  public boolean exist() {
    try {
      return files.exists(table);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void delete() {
    delete(table);
  }

  private void delete(Path path) {
    try {
      files.delete(path, true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Drops what dead tasks left, which Spark's committer would add to the next append. */
  void recover() {
    delete(new Path(table, "_temporary"));
  }

  /** Appends rows: of numbers that hardly repeat, Parquet shall not look for a dictionary. */
  void append(Dataset<Row> rows) {
    Map<String, String> options = new HashMap<>();
    for (StructField column : schema.fields()) {
      if (!column.name().equals(TrajectorySchemas.T)) {
        leaves(column.name(), column.dataType())
            .forEach(leaf -> options.put("parquet.enable.dictionary#" + leaf, "false"));
      }
    }
    rows.write().options(options).mode(SaveMode.Append).parquet(table.toString());
  }

  /** The paths of all doubles in a column, as Parquet names them. */
  private static Stream<String> leaves(String path, DataType type) {
    if (type instanceof ArrayType array) {
      return leaves(path + ".list.element", array.elementType());
    }
    if (type instanceof StructType struct) {
      return Arrays.stream(struct.fields())
          .flatMap(field -> leaves(path + "." + field.name(), field.dataType()));
    }
    return type.equals(DataTypes.DoubleType) ? Stream.of(path) : Stream.empty();
  }

  /** The rows that are there. */
  Dataset<Row> rows() {
    return exist()
        ? spark.read().schema(schema).parquet(table.toString())
        : spark.createDataFrame(List.of(), schema);
  }

  /** The ids of the rows that are there. */
  Dataset<Row> ids() {
    return rows().select(TrajectorySchemas.TRAJECTORY_ID);
  }
}
