package io.gradlens.trajectory;

import static io.gradlens.trajectory.TrajectorySchemas.T;
import static io.gradlens.trajectory.TrajectorySchemas.TRAJECTORY_ID;
import static io.gradlens.trajectory.TrajectorySchemas.Y;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;

/** What a table's columns say about its layout. */
final class Columns {

  /** What readers add to what is in the files. */
  private static final Set<String> ADDED =
      Set.of(TrajectoryTable.NOT_A_NUMBER, TrajectoryTable.METADATA);

  private Columns() {}

  /** y1, …, yd. */
  static List<String> states(int dim) {
    return IntStream.rangeClosed(1, dim).mapToObj(i -> Y + i).toList();
  }

  /** A row a trajectory. */
  static boolean isNested(StructType schema) {
    return has(schema, TRAJECTORY_ID) && isNumbers(schema, T, 1) && isNumbers(schema, Y, 2);
  }

  /** A row a point. */
  static boolean isLong(StructType schema, int dim) {
    return has(schema, TRAJECTORY_ID)
        && isNumbers(schema, T, 0)
        && states(dim).stream().allMatch(name -> isNumbers(schema, name, 0))
        && !has(schema, Y + (dim + 1));
  }

  static boolean has(StructType schema, String column) {
    return Arrays.asList(schema.fieldNames()).contains(column);
  }

  /** Whether a column has numbers, in arrays of so many axes. */
  static boolean isNumbers(StructType schema, String column, int axes) {
    if (!has(schema, column)) {
      return false;
    }
    DataType type = schema.apply(column).dataType();
    for (int i = 0; i < axes; i++) {
      if (!(type instanceof ArrayType array)) {
        return false;
      }
      type = array.elementType();
    }
    return type instanceof NumericType || type.equals(DataTypes.NullType);
  }

  /** Names and types, for messages. */
  static String describe(StructType schema) {
    return Arrays.stream(schema.fields())
        .filter(field -> !ADDED.contains(field.name()))
        .map(field -> field.name() + " " + field.dataType().simpleString())
        .collect(Collectors.joining(", "));
  }

  /** The columns of the long layout, for messages. */
  static String describeLong(int dim) {
    return "trajectory_id, t, " + String.join(", ", states(dim)) + " (the field's components)";
  }
}
