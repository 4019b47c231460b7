package io.gradlens.ode.adjoint;

import io.gradlens.ode.DifferentiableField;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/** Gradients of one trajectory's loss by central differences, on frozen steps. */
final class LossDifferences {
  private final FrozenSolve solve;
  private final DifferentiableField field;
  private final Loss loss;
  private final int trajectory;
  private final double[] y0;

  LossDifferences(FrozenSolve solve, DifferentiableField field, Loss loss, int trajectory) {
    this.solve = solve;
    this.field = field;
    this.loss = loss;
    this.trajectory = trajectory;
    y0 = solve.y0();
  }

  private double loss(double[] ys) {
    return loss.evaluate(trajectory, solve.ts(), ys, new double[ys.length]);
  }

  /**
   * dL/dy₀.
   *
   * @param isFixed components that are left 0
   * @param size of the gradient that it is compared with, here and below
   */
  double[] y0(boolean[] isFixed, double size) {
    double[] gradient = new double[y0.length];
    for (int i = 0; i < y0.length; i++) {
      if (isFixed[i]) {
        continue;
      }
      int moved = i;
      DoubleUnaryOperator along =
          x -> {
            double[] start = y0.clone();
            start[moved] += x;
            return loss(solve.states(start, 0));
          };
      gradient[i] = CentralDifference.slope(along, scale(y0, i), size);
    }
    return gradient;
  }

  /** dL/dθ. */
  double[] theta(double size) {
    double[] theta = field.theta();
    double[] gradient = new double[theta.length];
    try {
      for (int i = 0; i < theta.length; i++) {
        int moved = i;
        DoubleUnaryOperator along =
            x -> {
              double[] other = theta.clone();
              other[moved] += x;
              field.setTheta(other);
              return loss(solve.states(y0, 0));
            };
        gradient[i] = CentralDifference.slope(along, scale(theta, i), size);
      }
    } finally {
      field.setTheta(theta);
    }
    return gradient;
  }

  /** dL/dt. */
  double[] times(double size) {
    double[] ts = solve.ts();
    double[] gradient = new double[ts.length];
    if (ts.length == 1) {
      return gradient;
    }
    double span = Math.abs(ts[ts.length - 1] - ts[0]);
    double[] ys = solve.states(y0, 0);
    double[] slopes = solve.slopes();
    int dim = y0.length;
    gradient[0] =
        CentralDifference.slope(
            // The steps move, the observations after the first stay where they are.
            x -> loss(sum(solve.states(y0, x), slopes, dim, slopes.length, -x)),
            span,
            size);
    for (int i = 1; i < ts.length; i++) {
      int from = i * dim;
      gradient[i] =
          CentralDifference.slope(
              x -> loss(sum(ys, slopes, from, from + dim, x)), span / ts.length, size);
    }
    return gradient;
  }

  /** ys + x·slopes from one number to before another. */
  private static double[] sum(double[] ys, double[] slopes, int from, int to, double x) {
    double[] sum = ys.clone();
    for (int i = from; i < to; i++) {
      sum[i] += x * slopes[i];
    }
    return sum;
  }

  /** A component's own size, or if it is 0 that of the others. */
  private static double scale(double[] values, int i) {
    if (values[i] != 0) {
      return Math.abs(values[i]);
    }
    double norm = norm(values);
    return norm == 0 ? 1 : norm / Math.sqrt(values.length);
  }

  static double norm(double[] values) {
    return Math.sqrt(Arrays.stream(values).map(x -> x * x).sum());
  }
}
