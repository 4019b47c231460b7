package io.gradlens.trajectory;

import static io.gradlens.trajectory.TrajectorySchemas.TRAJECTORY_ID;
import static io.gradlens.trajectory.TrajectorySchemas.Y0;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.gradlens.UserInputException;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * A table of initial states: {@code trajectory_id} with {@code y0 array<double>}, or with {@code
 * y1, …, yd}.
 */
public final class InitialTable implements InputTable<InitialTable> {

  private final Dataset<Row> rows;
  private final int dim;

  private InitialTable(Dataset<Row> rows, int dim) {
    this.rows = rows;
    this.dim = dim;
  }

  /**
   * Takes a table.
   *
   * @param location where it is from, for messages
   * @param dim how many components a state has to have
   * @throws UserInputException if it has other columns, with those that it has
   */
  public static InitialTable of(Dataset<Row> table, String location, int dim) {
    StructType schema = table.schema();
    List<String> states = Columns.states(dim);
    boolean hasArray = Columns.isNumbers(schema, Y0, 1);
    boolean hasColumns =
        states.stream().allMatch(name -> Columns.isNumbers(schema, name, 0))
            && !Columns.has(schema, "y" + (dim + 1));
    if (!Columns.has(schema, TRAJECTORY_ID) || !hasArray && !hasColumns) {
      throw new UserInputException(
          "%s is no table of initial states: its columns are %s; expected are trajectory_id, y0 array<double>, or trajectory_id, %s."
              .formatted(location, Columns.describe(schema), String.join(", ", states)));
    }
    Column y0 =
        hasArray
            ? col(Y0).cast(TrajectoryTable.NUMBERS)
            : functions.array(
                states.stream().map(name -> col(name).cast("double")).toArray(Column[]::new));
    return new InitialTable(
        table.select(TrajectoryTable.id(), y0.as(Y0), lit(false).as("done")), dim);
  }

  /** Ids and states. */
  Dataset<Row> states() {
    return rows.select(TRAJECTORY_ID, Y0);
  }

  @Override
  public Dataset<Row> ids() {
    return rows.select(TRAJECTORY_ID);
  }

  @Override
  public InitialTable without(Dataset<Row> ids) {
    return new InitialTable(TrajectoryTable.marked(rows, ids), dim);
  }

  @Override
  public InitialTable where(Column condition) {
    return new InitialTable(rows.where(condition), dim);
  }

  @Override
  public InitialTable only(Dataset<Row> ids) {
    return new InitialTable(rows.join(ids, new String[] {TRAJECTORY_ID}, "left_semi"), dim);
  }

  @Override
  public InitialTable spread(int tasks) {
    return new InitialTable(rows.repartition(tasks, col(TRAJECTORY_ID)), dim);
  }

  /** What a computation makes of trajectories that start here and have all the same times. */
  Dataset<Row> computed(
      double[] ts, TrajectoryTable.ComputationFactory computation, StructType schema, Tally tally) {
    int components = dim;
    return TrajectoryTable.computed(
        rows.select(TRAJECTORY_ID, Y0, "done"),
        in -> new InitialRows(in, components, ts),
        true,
        computation,
        schema,
        tally);
  }
}
