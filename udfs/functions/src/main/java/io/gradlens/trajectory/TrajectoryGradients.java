package io.gradlens.trajectory;

import io.gradlens.udf.RunIdentity;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Gradients of a loss for every trajectory of a data set. */
public final class TrajectoryGradients {

  private TrajectoryGradients() {}

  /**
   * Computes them: lazily, as Spark does.
   *
   * @param tally counts what the tasks have done; registered with Spark
   * @return {@link TrajectorySchemas#GRADIENTS}, a row for every trajectory; where it could not be
   *     solved the row says why
   */
  public static Dataset<Row> of(
      TrajectoryTable trajectories, GradientPlan plan, RunIdentity run, Tally tally) {
    return trajectories.computed(
        () -> new GradientRows(plan, run), TrajectorySchemas.GRADIENTS, tally);
  }
}
