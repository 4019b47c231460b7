package io.gradlens.train;

/**
 * Finds a step length α along a direction d that satisfies the strong Wolfe conditions
 *
 * <p>φ(α) ≤ φ(0) + c₁αφ′(0), |φ′(α)| ≤ c₂|φ′(0)|, φ(α) = L(θ + αd), c₁ = 10⁻⁴, c₂ = 0.9.
 *
 * <p>Source: Nocedal and Wright, Numerical Optimization, 2006, algorithms 3.5 and 3.6, with the
 * cubic interpolation of equation 3.59 kept away from the ends of the bracket. A value that is not
 * finite counts as too large.
 */
final class WolfeLineSearch {
  private static final double C1 = 1e-4;
  private static final double C2 = 0.9;
  private static final int EVALUATIONS = 25;

  /** A step length with the value and slope of φ there, and the gradient of L. */
  record Point(double alpha, double value, double slope, double[] theta, double[] gradient) {}

  private final Objective objective;
  private final double[] theta;
  private final double[] direction;
  private final Point start;
  private int evaluations;

  WolfeLineSearch(
      Objective objective, double[] theta, double value, double[] gradient, double[] direction) {
    this.objective = objective;
    this.theta = theta;
    this.direction = direction;
    start = new Point(0, value, dot(gradient, direction), theta, gradient);
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /**
   * Searches from a first guess.
   *
   * @return a point with a lower value; where none is found, the start itself
   */
  Point search(double guess) {
    Point before = start;
    Point now = at(guess);
    while (evaluations < EVALUATIONS) {
      if (isTooHigh(now) || (before != start && now.value >= before.value)) {
        return zoom(before, now);
      }
      if (isFlat(now)) {
        return now;
      }
      if (now.slope >= 0) {
        return zoom(now, before);
      }
      Point next = at(2 * now.alpha);
      before = now;
      now = next;
    }
    return now.value < start.value ? now : start;
  }

  /** Narrows a bracket: the low end has the lowest value so far, and φ falls from there inwards. */
  private Point zoom(Point one, Point other) {
    Point low = one;
    Point high = other;
    while (evaluations < EVALUATIONS) {
      Point now = at(between(low, high));
      if (isTooHigh(now) || now.value >= low.value) {
        high = now;
      } else {
        if (isFlat(now)) {
          return now;
        }
        if (now.slope * (high.alpha - low.alpha) >= 0) {
          high = low;
        }
        low = now;
      }
    }
    return low;
  }

  private boolean isTooHigh(Point point) {
    return !(point.value <= start.value + C1 * point.alpha * start.slope);
  }

  private boolean isFlat(Point point) {
    return Math.abs(point.slope) <= -C2 * start.slope;
  }

  /** The minimum of the cubic through both ends, at least a tenth of the bracket away from them. */
  private static double between(Point a, Point b) {
    double width = b.alpha - a.alpha;
    double middle = a.alpha + width / 2;
    double d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.alpha - b.alpha);
    double d2 = Math.signum(width) * Math.sqrt(d1 * d1 - a.slope * b.slope);
    double cubic = b.alpha - width * (b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2);
    double share = (cubic - a.alpha) / width;
    return Double.isFinite(share) ? a.alpha + width * Math.min(0.9, Math.max(0.1, share)) : middle;
  }

  private Point at(double alpha) {
    evaluations++;
    double[] there = new double[theta.length];
    for (int i = 0; i < theta.length; i++) {
      there[i] = theta[i] + alpha * direction[i];
    }
    double[] gradient = new double[theta.length];
    double value = objective.evaluate(there, gradient);
    if (!GradientOptimizer.isFinite(value, gradient)) {
      return new Point(alpha, Double.POSITIVE_INFINITY, Double.NaN, there, gradient);
    }
    return new Point(alpha, value, dot(gradient, direction), there, gradient);
  }
}
