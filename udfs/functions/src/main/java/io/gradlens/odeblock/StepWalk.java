package io.gradlens.odeblock;

import io.gradlens.ode.SolveStatus;
import io.gradlens.ode.StepSizeController;
import java.util.Arrays;

/** Steps from 0 to 1, of one size or of the sizes that the error allows; the last ends at 1. */
final class StepWalk {

  /** What moves on. */
  interface Walker {

    /** A good size for the first step; asked for where sizes are adapted. */
    double firstStep();

    /**
     * Tries a step.
     *
     * @param isLast whether it ends at 1
     * @return the square of its error ratio; of no meaning for steps of one size
     */
    double attempt(double t, double end, boolean isLast);

    /** Takes the step that was tried. */
    void accept(double t, double end);
  }

  private static final int MOST = 10_000;
  private static final double SMALLEST = 1e-10;
  private static final double NO_ERROR = 1e-12;

  /** By what a step shrinks that gave NaN or infinity. */
  private static final double LEAST = 0.2;

  /** A step that would leave less than this part of itself before 1 goes there at once. */
  private static final double REACH = 1 - 1e-10;

  private final BlockMethod method;

  /** Lengths that the controller's vectors take; only the first place counts. */
  private final double[] r = new double[8];

  private final double[] r1 = new double[8];
  private final double[] r2 = new double[8];
  private final double[] factors = new double[8];
  private int accepted;
  private int rejected;

  StepWalk(BlockMethod method) {
    this.method = method;
  }

  int accepted() {
    return accepted;
  }

  int rejected() {
    return rejected;
  }

  /**
   * @throws ArithmeticException if it does not get to 1, saying why and what to do
   */
  void run(Walker walker) {
    accepted = 0;
    rejected = 0;
    if (method.isFixed()) {
      int steps = method.steps();
      for (int s = 0; s < steps; s++) {
        double t = (double) s / steps;
        double end = (s + 1.0) / steps;
        walker.attempt(t, end, s == steps - 1);
        walker.accept(t, end);
        accepted++;
      }
    } else {
      adapt(walker);
    }
  }

  private void adapt(Walker walker) {
    StepSizeController controller = method.controller();
    int order = method.tableau().embeddedOrder() + 1;
    Arrays.fill(r, 1);
    Arrays.fill(r1, 1);
    Arrays.fill(r2, 1);
    double t = 0;
    double h = walker.firstStep();
    boolean isFinite = Double.isFinite(h);
    while (t < 1) {
      if (!isFinite && !(h >= SMALLEST)) {
        throw failure(SolveStatus.NON_FINITE, t);
      }
      if (h < SMALLEST) {
        throw failure(SolveStatus.STEP_TOO_SMALL, t);
      }
      if (accepted + rejected == MOST) {
        throw failure(SolveStatus.MAX_STEPS, t);
      }
      boolean isLast = h >= (1 - t) * REACH;
      double end = isLast ? 1 : t + h;
      h = end - t;
      r[0] = walker.attempt(t, end, isLast);
      isFinite = r[0] < Double.POSITIVE_INFINITY;
      double factor = LEAST;
      if (isFinite) {
        r[0] = Math.max(r[0], NO_ERROR);
        controller.factors(r, r1, r2, order, factors);
        factor = factors[0];
      }
      if (r[0] <= 1) {
        walker.accept(t, end);
        accepted++;
        t = end;
        h *= Math.max(1, factor);
        r2[0] = r1[0];
        r1[0] = r[0];
      } else {
        rejected++;
        h *= factor;
      }
    }
  }

  /**
   * Hairer's choice of a first step.
   *
   * @param h0 0.01 |z|/|f|
   * @param steepest the larger of |f| and the derivative of f along the solution
   */
  static double firstStep(double h0, double steepest, BlockMethod method) {
    double order = method.tableau().embeddedOrder() + 1;
    double h1 =
        steepest <= 1e-15 ? Math.max(1e-6, h0 * 1e-3) : Math.pow(0.01 / steepest, 1 / order);
    // Where the probe has left the region in which f is defined, the step itself will tell.
    return steepest == Double.POSITIVE_INFINITY ? h0 : Math.min(100 * h0, h1);
  }

  private static ArithmeticException failure(SolveStatus status, double t) {
    return new ArithmeticException(
        "The solve of an ODE block stopped at t = %s. %s".formatted(t, status.advice()));
  }
}
