package io.gradlens.trajectory;

import io.gradlens.udf.RunIdentity;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Solutions from every initial state of a data set. */
public final class TrajectorySolves {

  private TrajectorySolves() {}

  /**
   * Computes them: lazily, as Spark does.
   *
   * @param tally counts what the tasks have done; registered with Spark
   * @return {@link TrajectorySchemas#SOLUTIONS}, a row for every initial state; where it could not
   *     be solved the row says why
   */
  public static Dataset<Row> of(
      InitialTable initial, SolvePlan plan, RunIdentity run, Tally tally) {
    return initial.computed(
        plan.ts(), () -> new SolutionRows(plan, run), TrajectorySchemas.SOLUTIONS, tally);
  }
}
