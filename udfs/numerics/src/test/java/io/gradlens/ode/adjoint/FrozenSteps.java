package io.gradlens.ode.adjoint;

import io.gradlens.ode.ButcherTableau;
import io.gradlens.ode.VectorField;

/**
 * Explicit steps of one trajectory on a grid that is given, written down as the formulas are: the
 * naive control of what a solver computes once its step sizes are chosen.
 */
final class FrozenSteps {
  private final ButcherTableau tableau;
  private final VectorField field;
  private final double[] grid;
  private final int[] stepOf;

  /**
   * @param grid the ends of all steps, the start first
   * @param times observations; each belongs to the step within which it lies, or whose end it is
   */
  FrozenSteps(ButcherTableau tableau, VectorField field, double[] grid, double[] times) {
    this.tableau = tableau;
    this.field = field;
    this.grid = grid;
    stepOf = new int[times.length];
    double direction = grid.length < 2 ? 1 : Math.signum(grid[1] - grid[0]);
    for (int i = 1; i < times.length; i++) {
      while ((times[i] - grid[stepOf[i] + 1]) * direction > 0) {
        stepOf[i]++;
      }
    }
  }

  /**
   * The states at the observations, {@code [time][dim]}.
   *
   * @param shift is added to the times of the grid
   * @param times of the observations; each is read off the interpolant of the step it belongs to
   */
  double[] states(double[] y0, double shift, double[] times) {
    int dim = y0.length;
    double[] out = new double[times.length * dim];
    System.arraycopy(y0, 0, out, 0, dim);
    double[] y = y0.clone();
    double[] weights = new double[tableau.denseStages()];
    for (int s = 0; s + 1 < grid.length; s++) {
      double t = grid[s] + shift;
      double h = grid[s + 1] - grid[s];
      double[][] k = stages(t, h, y);
      for (int i = 1; i < times.length; i++) {
        if (stepOf[i] == s) {
          tableau.denseWeights((times[i] - t) / h, weights);
          System.arraycopy(sum(y, h, weights, k), 0, out, i * dim, dim);
        }
      }
      double[] b = new double[tableau.stages()];
      for (int i = 0; i < b.length; i++) {
        b[i] = tableau.b(i);
      }
      y = sum(y, h, b, k);
    }
    return out;
  }

  private double[][] stages(double t, double h, double[] y) {
    double[][] k = new double[tableau.allStages()][y.length];
    for (int i = 0; i < k.length; i++) {
      double[] a = new double[i];
      for (int j = 0; j < i; j++) {
        a[j] = tableau.a(i, j);
      }
      field.apply(new double[] {t + tableau.c(i) * h}, sum(y, h, a, k), k[i]);
    }
    return k;
  }

  private static double[] sum(double[] y, double h, double[] weights, double[][] k) {
    double[] out = y.clone();
    for (int d = 0; d < y.length; d++) {
      double sum = 0;
      for (int i = 0; i < weights.length; i++) {
        sum += weights[i] * k[i][d];
      }
      out[d] += h * sum;
    }
    return out;
  }
}
