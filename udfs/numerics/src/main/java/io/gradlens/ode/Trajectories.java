package io.gradlens.ode;

import java.util.Arrays;

/**
 * Initial value problems for one field: initial states, times and, where they differ, tolerances.
 *
 * <p>The times of a trajectory are strictly increasing or strictly decreasing. It starts at the
 * first and ends at the last one.
 */
public final class Trajectories {
  private final int count;
  private final int dim;
  private final double[] y0;
  private final double[][] ts;
  private final double[] rtol;
  private final double[] atol;

  private Trajectories(
      int count, int dim, double[] y0, double[][] ts, double[] rtol, double[] atol) {
    this.count = count;
    this.dim = dim;
    this.y0 = y0;
    this.ts = ts;
    this.rtol = rtol;
    this.atol = atol;
  }

  /**
   * Trajectories that share their times.
   *
   * @param dim components of a state
   * @param y0 initial states, {@code [trajectory][dim]}; not copied
   * @param ts times, at least one; copied
   * @throws IllegalArgumentException if lengths do not fit or the times do not ascend or descend
   */
  public static Trajectories of(int dim, double[] y0, double... ts) {
    return new Trajectories(count(dim, y0), dim, y0, new double[][] {checked(0, ts)}, null, null);
  }

  /**
   * Trajectories with times of their own.
   *
   * @param ts one row of times a trajectory
   */
  public static Trajectories of(int dim, double[] y0, double[][] ts) {
    int count = count(dim, y0);
    if (ts.length != count) {
      throw new IllegalArgumentException(
          "Expected one row of times for each of %d trajectories, got %d."
              .formatted(count, ts.length));
    }
    double[][] times = new double[count][];
    for (int i = 0; i < count; i++) {
      times[i] = checked(i, ts[i]);
    }
    return new Trajectories(count, dim, y0, times, null, null);
  }

  /**
   * The same with tolerances of their own, instead of the controller's.
   *
   * @param rtol relative ones, {@code [trajectory]}
   * @param atol absolute ones, {@code [trajectory]}
   * @throws IllegalArgumentException if lengths do not fit or one is not positive
   */
  public Trajectories withTolerances(double[] rtol, double[] atol) {
    for (double[] tolerances : new double[][] {rtol, atol}) {
      if (tolerances.length != count) {
        throw new IllegalArgumentException(
            "Expected a tolerance for each of %d trajectories, got %d."
                .formatted(count, tolerances.length));
      }
      for (double tolerance : tolerances) {
        StepSizeController.requirePositiveAndFinite("tolerance", tolerance);
      }
    }
    return new Trajectories(count, dim, y0, ts, rtol.clone(), atol.clone());
  }

  private static int count(int dim, double[] y0) {
    if (dim < 1 || y0.length == 0 || y0.length % dim != 0) {
      throw new IllegalArgumentException(
          "Expected initial states of %d components each, got %d numbers."
              .formatted(dim, y0.length));
    }
    return y0.length / dim;
  }

  private static double[] checked(int trajectory, double[] ts) {
    if (ts.length == 0) {
      throw new IllegalArgumentException(
          "Expected at least one time for trajectory %d, got none.".formatted(trajectory));
    }
    double sign = Math.signum(ts[ts.length - 1] - ts[0]);
    for (int j = 0; j < ts.length; j++) {
      if (!Double.isFinite(ts[j]) || j > 0 && (ts[j] - ts[j - 1]) * sign <= 0) {
        throw new IllegalArgumentException(
            "Times must be finite and strictly increase or strictly decrease; trajectory %d has %s at %d after %s."
                .formatted(trajectory, ts[j], j, j == 0 ? "nothing" : ts[j - 1]));
      }
    }
    return ts.clone();
  }

  /** How many trajectories there are. */
  public int count() {
    return count;
  }

  /** Components of a state. */
  public int dim() {
    return dim;
  }

  /** A component of an initial state. */
  public double y0(int trajectory, int component) {
    return y0[trajectory * dim + component];
  }

  /** Whether the times are the same for all. */
  public boolean hasSharedTimes() {
    return ts.length == 1 || Arrays.stream(ts).allMatch(row -> Arrays.equals(row, ts[0]));
  }

  /** A trajectory's times; not to be written to. */
  public double[] times(int trajectory) {
    return ts[ts.length == 1 ? 0 : trajectory];
  }

  /** A trajectory's relative tolerance. */
  public double rtol(int trajectory, StepSizeController controller) {
    return rtol == null ? controller.rtol() : rtol[trajectory];
  }

  /** A trajectory's absolute tolerance. */
  public double atol(int trajectory, StepSizeController controller) {
    return atol == null ? controller.atol() : atol[trajectory];
  }
}
