package io.gradlens.ode;

import io.gradlens.kernel.LanePowers;

/**
 * How steps get their size.
 *
 * <p>An adaptive controller takes a step when its error ratio r, the root mean square of
 * error/(atol + rtol·max(|y|, |y₁|)), is at most 1, and multiplies the step size by
 *
 * <p>safety · r^(−β₁/k) · r₁^(−β₂/k) · r₂^(−β₃/k), β₁ = P + I + D, β₂ = −(P + 2D), β₃ = D
 *
 * <p>kept between 0.2 and 10, and at least 1 after an accepted step; r₁ and r₂ are the ratios of
 * the accepted steps before, k is one more than the order of the embedded method. With P = D = 0,
 * the default, this is torchdiffeq's rule. Larger P makes step sizes smoother (P = 0.4, I = 0.3
 * suits mildly stiff problems).
 *
 * <p>There is no default tolerance, because none is right: a tolerance is a property of the problem
 * and of what the result is for.
 *
 * <p>Source: Hairer, Nørsett, Wanner, Solving Ordinary Differential Equations I, II.4; Söderlind,
 * Digital filters in adaptive time-stepping, 2003.
 */
public final class StepSizeController {
  private static final double SAFETY = 0.9;

  /** The least factor. */
  static final double LEAST = 0.2;

  private static final double MOST = 10;

  private final double rtol;
  private final double atol;
  private final double beta1;
  private final double beta2;
  private final double beta3;
  private final double firstStep;
  private final double minStep;
  private final double maxStep;

  private StepSizeController(
      double rtol,
      double atol,
      double beta1,
      double beta2,
      double beta3,
      double firstStep,
      double minStep,
      double maxStep) {
    this.rtol = rtol;
    this.atol = atol;
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.beta3 = beta3;
    this.firstStep = firstStep;
    this.minStep = minStep;
    this.maxStep = maxStep;
  }

  /**
   * Steps of one size, but for those shortened to land on a time. Infinity takes one step from each
   * such time to the next.
   */
  public static StepSizeController fixed(double step) {
    requirePositive("step size", step);
    return new StepSizeController(0, 0, 0, 0, 0, step, 0, step);
  }

  /**
   * Steps adapted to the error (integral controller).
   *
   * @param rtol relative tolerance, above 0
   * @param atol absolute tolerance, above 0
   */
  public static StepSizeController adaptive(double rtol, double atol) {
    requirePositiveAndFinite("rtol", rtol);
    requirePositiveAndFinite("atol", atol);
    return new StepSizeController(rtol, atol, 1, 0, 0, 0, 0, Double.POSITIVE_INFINITY);
  }

  /** The same with the gains P, I and D of the controller; see the class. */
  public StepSizeController withGains(double p, double i, double d) {
    requireAdaptive("gains");
    if (!Double.isFinite(p + i + d)) {
      throw new IllegalArgumentException(
          "Expected finite gains, got %s, %s and %s.".formatted(p, i, d));
    }
    return new StepSizeController(
        rtol, atol, p + i + d, -(p + 2 * d), d, firstStep, minStep, maxStep);
  }

  /** The same with a first step of this size, instead of Hairer's choice. */
  public StepSizeController withFirstStep(double step) {
    requireAdaptive("first step");
    requirePositiveAndFinite("first step", step);
    return new StepSizeController(rtol, atol, beta1, beta2, beta3, step, minStep, maxStep);
  }

  /**
   * The same with bounds on step sizes. A step that would have to be smaller than the least one
   * ends the trajectory with {@link SolveStatus#STEP_TOO_SMALL}; one shortened to land on a time
   * may be smaller.
   */
  public StepSizeController withBounds(double minStep, double maxStep) {
    requireAdaptive("bounds");
    if (!(minStep >= 0 && maxStep > minStep)) {
      throw new IllegalArgumentException(
          "Expected 0 <= least step < largest step, got %s and %s.".formatted(minStep, maxStep));
    }
    return new StepSizeController(rtol, atol, beta1, beta2, beta3, firstStep, minStep, maxStep);
  }

  static void requirePositive(String what, double value) {
    if (!(value > 0)) {
      throw new IllegalArgumentException("Expected a %s above 0, got %s.".formatted(what, value));
    }
  }

  static void requirePositiveAndFinite(String what, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "Expected a finite %s above 0, got %s.".formatted(what, value));
    }
  }

  private void requireAdaptive(String what) {
    if (isFixed()) {
      throw new IllegalArgumentException("Steps of one size take no " + what + ".");
    }
  }

  /** Whether all steps have one size. */
  public boolean isFixed() {
    return rtol == 0;
  }

  /** The relative tolerance; 0 for steps of one size. */
  public double rtol() {
    return rtol;
  }

  /** The absolute tolerance; 0 for steps of one size. */
  public double atol() {
    return atol;
  }

  /** The size of the first step, 0 where it is to be found. */
  public double firstStep() {
    return firstStep;
  }

  double minStep() {
    return minStep;
  }

  double maxStep() {
    return maxStep;
  }

  /**
   * The factors for the next steps, before they are kept at least 1 after an accepted one.
   *
   * @param r r² of these steps, {@code [n]}, n a multiple of 8
   * @param r1 r² of the accepted steps before
   * @param r2 r² of the ones before those
   * @param k one more than the order of the embedded method
   * @param factors overwritten; of no meaning where r is not finite
   */
  public void factors(double[] r, double[] r1, double[] r2, int k, double[] factors) {
    LanePowers.raise(r, -beta1 / (2 * k), factors, r.length);
    if (beta2 != 0 || beta3 != 0) {
      for (int l = 0; l < factors.length; l++) {
        double log = beta2 * Math.log(r1[l]) + beta3 * Math.log(r2[l]);
        factors[l] *= Math.exp(-log / (2 * k));
      }
    }
    for (int l = 0; l < factors.length; l++) {
      factors[l] = Math.min(MOST, Math.max(SAFETY * factors[l], LEAST));
    }
  }
}
