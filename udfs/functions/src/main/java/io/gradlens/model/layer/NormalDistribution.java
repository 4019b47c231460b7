package io.gradlens.model.layer;

/** The standard normal distribution to double precision. */
final class NormalDistribution {
  private static final double SQRT_TWO_PI = Math.sqrt(2 * Math.PI);

  private NormalDistribution() {}

  /** φ(x) = e^(−x²/2)/√(2π). */
  static double density(double x) {
    return Math.exp(-0.5 * x * x) / SQRT_TWO_PI;
  }

  /**
   * Φ(x), by its Taylor series about 0 (Marsaglia 2004, <i>Evaluating the normal distribution</i>):
   * ½ + φ(x)·(x + x³/3 + x⁵/15 + …), which has no cancellation; 0 or 1 beyond ±9, where float32
   * cannot tell.
   */
  static double cumulative(double x) {
    if (x < -9) {
      return 0;
    }
    if (x > 9) {
      return 1;
    }
    double term = x;
    double sum = x;
    for (int i = 3; sum + term != sum; i += 2) {
      term *= x * x / i;
      sum += term;
    }
    return 0.5 + sum * density(x);
  }
}
