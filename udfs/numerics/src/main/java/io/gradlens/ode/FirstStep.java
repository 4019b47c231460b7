package io.gradlens.ode;

/**
 * The size of a trajectory's first step: h₀ = 0.01 |y|/|f|, h₁ = (0.01/max(|f|, |f(y + h₀f) −
 * f|/h₀))^(1/k), h = min(100 h₀, h₁), in the norm of the error estimate.
 *
 * <p>Source: Hairer, Nørsett, Wanner, Solving Ordinary Differential Equations I, II.4.
 */
public final class FirstStep {

  private FirstStep() {}

  /**
   * The step to probe f with, h₀.
   *
   * @param d0 |y|
   * @param d1 |f|
   */
  public static double probe(double d0, double d1) {
    return d0 < 1e-5 || d1 < 1e-5 ? 1e-6 : 0.01 * (d0 / d1);
  }

  /**
   * The step's size, above 0.
   *
   * @param h0 of {@link #probe}
   * @param d1 |f|
   * @param difference |f(y + h₀f) − f|
   * @param k one more than the order of the embedded method
   */
  public static double size(double h0, double d1, double difference, int k) {
    double d2 = difference / h0;
    double steepest = Math.max(d1, d2);
    double h1 =
        d1 <= 1e-15 && d2 <= 1e-15 ? Math.max(1e-6, h0 * 1e-3) : Math.pow(0.01 / steepest, 1.0 / k);
    // Where the probe has left the region in which f is defined, the step itself will tell.
    return steepest < Double.POSITIVE_INFINITY ? Math.min(100 * h0, h1) : h0;
  }
}
