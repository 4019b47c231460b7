package io.gradlens.train;

import java.io.Serializable;

/**
 * A trajectory as it was observed.
 *
 * @param id its name, by which trajectories are put in order
 * @param t times, strictly increasing or strictly decreasing, {@code [time]}
 * @param y states, {@code [time][dim]}; NaN where a component was not observed
 */
public record ObservedTrajectory(String id, double[] t, double[] y) implements Serializable {

  /**
   * Checks the lengths.
   *
   * @throws IllegalArgumentException if there are no times, or not as many states
   */
  public ObservedTrajectory {
    if (t.length == 0 || y.length == 0 || y.length % t.length != 0) {
      throw new IllegalArgumentException(
          "Trajectory '%s' has %d times and %d numbers of states: expected one state a time."
              .formatted(id, t.length, y.length));
    }
  }

  /** Components of a state. */
  public int dim() {
    return y.length / t.length;
  }

  /** How many times it was observed at. */
  public int points() {
    return t.length;
  }

  /** Whether all components were observed at a time. */
  boolean isComplete(int point) {
    for (int i = point * dim(); i < (point + 1) * dim(); i++) {
      if (!Double.isFinite(y[i])) {
        return false;
      }
    }
    return true;
  }
}
