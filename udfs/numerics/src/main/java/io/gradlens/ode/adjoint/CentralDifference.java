package io.gradlens.ode.adjoint;

import java.util.function.DoubleUnaryOperator;

/** The slope of a function at 0 from values beside it. */
final class CentralDifference {
  private static final double FIRST = 1e-3;
  private static final double FACTOR = 4;
  private static final int LEVELS = 12;
  private static final double ENOUGH = 1e-10;

  /** How much more than ε² the five points are taken to be off, for functions that are not tame. */
  private static final double CAUTION = 50;

  /** A bound on the rounding of a value, relative to its size: a solve adds up many numbers. */
  private static final double ROUNDING = 1e-15;

  private CentralDifference() {}

  /**
   * f′(0) over five points, (8 f(h) − 8 f(−h) − f(2h) + f(−2h)) / 12h.
   *
   * <p>It comes from the slopes over h and over 2h, and their difference tells how much h is at
   * fault: if that is ε relative to the slope, the five points are off by about ε². Against that
   * stands the rounding of f over h. h is made smaller or larger, by factors of 4, until neither
   * matters or the other one would.
   *
   * @param scale by how much the argument changes f as a whole
   * @param reference the size of slopes that matter: an error is small in comparison to this, or to
   *     the slope
   * @return NaN where f is NaN
   */
  static double slope(DoubleUnaryOperator f, double scale, double reference) {
    double h = FIRST * scale;
    double best = Double.NaN;
    double least = Double.POSITIVE_INFINITY;
    double direction = 0;
    for (int level = 0; level < LEVELS; level++) {
      double right = f.applyAsDouble(h);
      double left = f.applyAsDouble(-h);
      double near = (right - left) / (2 * h);
      double far = (f.applyAsDouble(2 * h) - f.applyAsDouble(-2 * h)) / (4 * h);
      double slope = near + (near - far) / 3;
      double bend = Math.abs(slope - near);
      double truncation = bend == 0 ? 0 : bend * Math.min(1, CAUTION * bend / Math.abs(slope));
      double rounding = ROUNDING * Math.max(Math.abs(right), Math.abs(left)) / h;
      double error = truncation + rounding;
      if (error < least) {
        least = error;
        best = slope;
      }
      if (error <= ENOUGH * Math.max(Math.abs(slope), reference)) {
        break;
      }
      // Where f is NaN, h reaches too far.
      double next = rounding > truncation ? 1 : -1;
      if (next == -direction) {
        break;
      }
      direction = next;
      h *= direction > 0 ? FACTOR : 1 / FACTOR;
    }
    return best;
  }
}
