package io.gradlens.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/**
 * The mean of what runs with different seeds gave, with its 95 % interval by Student's t.
 *
 * @param halfWidth of the interval; NaN for one value
 */
record SeedMean(double mean, double halfWidth) {

  /** Student's t, 97.5 %, for 1 to 4 degrees of freedom. */
  private static final double[] T = {12.706, 4.303, 3.182, 2.776};

  /**
   * @param values at most five
   */
  static SeedMean of(double... values) {
    int n = values.length;
    double mean = Arrays.stream(values).average().orElseThrow();
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    double halfWidth = n == 1 ? Double.NaN : T[n - 2] * Math.sqrt(squares / (n - 1) / n);
    return new SeedMean(mean, halfWidth);
  }

  /** Of differences, seed by seed. */
  static SeedMean ofDifferences(double[] values, double[] others) {
    double[] differences = new double[values.length];
    Arrays.setAll(differences, i -> values[i] - others[i]);
    return of(differences);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.2f ± %.2f", mean, halfWidth);
  }
}
