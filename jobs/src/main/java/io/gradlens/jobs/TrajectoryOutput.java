package io.gradlens.jobs;

import io.gradlens.trajectory.TrajectorySchemas;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The one table of a run over trajectories: it changes by whole appends. */
final class TrajectoryOutput implements OutputTables {

  private final AppendedTable table;
  private final StructType schema;

  TrajectoryOutput(SparkSession spark, Path folder, String name, StructType schema) {
    this.schema = schema;
    table = new AppendedTable(spark, new Path(folder, name), schema);
  }

  Path path() {
    return table.path();
  }

  @Override
  public boolean exist() {
    return table.exists();
  }

  @Override
  public void delete() {
    table.delete();
  }

  void recover() {
    table.recover();
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
    table.append(rows, options);
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
    return table.rows();
  }

  /** The ids of the rows that are there. */
  Dataset<Row> ids() {
    return rows().select(TrajectorySchemas.TRAJECTORY_ID);
  }
}
