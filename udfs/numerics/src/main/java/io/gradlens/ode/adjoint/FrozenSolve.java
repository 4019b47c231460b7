package io.gradlens.ode.adjoint;

import io.gradlens.ode.DifferentiableField;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.SaveAt;
import io.gradlens.ode.Solution;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Trajectories;
import java.util.Arrays;

/**
 * One trajectory, solved again and again on the steps that its adaptive solve once took: a smooth
 * function of everything.
 */
final class FrozenSolve {
  /** Intervals of a step: enough points for the dense output's polynomial, whatever its degree. */
  private static final int INTERVALS = 8;

  private final OdeSolve solve;
  private final DifferentiableField field;
  private final double[] y0;
  private final double[] ts;
  private final double[] grid;

  /**
   * @param steps the adaptive solve, with {@link SaveAt#STEPS}
   */
  FrozenSolve(
      OdeSolve solve,
      DifferentiableField field,
      Trajectories data,
      int trajectory,
      Solution steps) {
    this.solve = solve.controller(StepSizeController.fixed(Double.POSITIVE_INFINITY)).lanes(1);
    this.field = field;
    ts = data.times(trajectory);
    grid = steps.times(trajectory);
    y0 = new double[data.dim()];
    Arrays.setAll(y0, d -> data.y0(trajectory, d));
  }

  double[] y0() {
    return y0.clone();
  }

  double[] ts() {
    return ts;
  }

  /**
   * The states at the trajectory's times, {@code [time][dim]}, with all times and steps moved by a
   * shift; NaN where the solve fails.
   */
  double[] states(double[] start, double shift) {
    return solve(start, shift, SaveAt.TS).ys(0);
  }

  private Solution solve(double[] start, double shift, SaveAt save) {
    return solve
        .stepTo(moved(grid, shift))
        .saveAt(save)
        .solve(field, Trajectories.of(y0.length, start, moved(ts, shift)));
  }

  private static double[] moved(double[] times, double shift) {
    return Arrays.stream(times).map(t -> t + shift).toArray();
  }

  /**
   * The slopes of the dense output at the trajectory's times, {@code [time][dim]}; 0 at the first.
   * At the end of a step, where two interpolants meet, the earlier one counts.
   */
  double[] slopes() {
    double[] slopes = new double[ts.length * y0.length];
    Solution dense = solve(y0, 0, SaveAt.DENSE);
    if (!dense.isSuccess()) {
      Arrays.fill(slopes, Double.NaN);
      return slopes;
    }
    double direction = Math.signum(ts[ts.length - 1] - ts[0]);
    int end = 1;
    for (int i = 1; i < ts.length; i++) {
      while ((ts[i] - grid[end]) * direction > 0) {
        end++;
      }
      double h = (grid[end] - grid[end - 1]) / INTERVALS;
      double[] weights = slopeWeights((ts[i] - grid[end - 1]) / h);
      for (int j = 0; j <= INTERVALS; j++) {
        double[] y = dense.at(0, j == INTERVALS ? grid[end] : grid[end - 1] + j * h);
        for (int d = 0; d < y.length; d++) {
          slopes[i * y.length + d] += weights[j] / h * y[d];
        }
      }
    }
    return slopes;
  }

  /** The slope at x of the polynomial through values at 0, 1, … is Σ_j w_j value_j. */
  private static double[] slopeWeights(double x) {
    double[] weights = new double[INTERVALS + 1];
    for (int j = 0; j <= INTERVALS; j++) {
      for (int left = 0; left <= INTERVALS; left++) {
        if (left == j) {
          continue;
        }
        double product = 1.0 / (j - left);
        for (int m = 0; m <= INTERVALS; m++) {
          if (m != j && m != left) {
            product *= (x - m) / (j - m);
          }
        }
        weights[j] += product;
      }
    }
    return weights;
  }
}
