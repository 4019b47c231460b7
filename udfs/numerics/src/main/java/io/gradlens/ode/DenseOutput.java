package io.gradlens.ode;

import java.util.Arrays;

/** The interpolants of one trajectory's steps, y(t + xh) = y + h Σ_i w_i(x) k_i. */
final class DenseOutput {

  /** How far outside of a step a time may lie: steps end just before a jump and begin after it. */
  private static final double ROUNDING = 1e-12;

  private final ButcherTableau tableau;
  private final int dim;
  private final int size;
  private int count;
  private double[] starts = new double[16];
  private double[] steps = new double[16];
  private double[] numbers;

  DenseOutput(ButcherTableau tableau, int dim) {
    this.tableau = tableau;
    this.dim = dim;
    size = dim * (1 + tableau.denseStages());
    numbers = new double[16 * size];
  }

  /**
   * Makes room for a step.
   *
   * @return where its state, then its slopes, belong in {@link #numbers}
   */
  int add(double t, double h) {
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, 2 * count);
      steps = Arrays.copyOf(steps, 2 * count);
      numbers = Arrays.copyOf(numbers, 2 * count * size);
    }
    starts[count] = t;
    steps[count] = h;
    return count++ * size;
  }

  double[] numbers() {
    return numbers;
  }

  double[] at(double t) {
    int step = 0;
    for (int after = count; after - step > 1; ) {
      int middle = (step + after) >>> 1;
      if ((t - starts[middle]) * steps[middle] >= 0) {
        step = middle;
      } else {
        after = middle;
      }
    }
    double x = count == 0 ? Double.NaN : (t - starts[step]) / steps[step];
    if (!(x >= -ROUNDING && x <= 1 + ROUNDING)) {
      throw new IllegalArgumentException("The trajectory did not pass t = %s.".formatted(t));
    }
    double[] w = new double[tableau.denseStages()];
    tableau.denseWeights(x, w);
    double[] y = new double[dim];
    for (int d = 0; d < dim; d++) {
      double sum = 0;
      for (int i = 0; i < w.length; i++) {
        sum += w[i] * numbers[step * size + (1 + i) * dim + d];
      }
      y[d] = numbers[step * size + d] + steps[step] * sum;
    }
    return y;
  }
}
