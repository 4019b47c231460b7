package io.gradlens.train;

import java.util.Arrays;

/**
 * Consecutive points of a trajectory: what a loss looks at. It begins at a complete observation,
 * its initial state.
 *
 * @param number the same for the same window in every run on the same data
 * @param from its first point
 * @param points how many it has
 */
public record Window(ObservedTrajectory trajectory, long number, int from, int points) {

  /** Its times, {@code [point]}. */
  public double[] times() {
    return Arrays.copyOfRange(trajectory.t(), from, from + points);
  }

  /** What was observed, {@code [point][dim]}; NaN where nothing was. */
  public double[] states() {
    int dim = trajectory.dim();
    return Arrays.copyOfRange(trajectory.y(), from * dim, (from + points) * dim);
  }
}
