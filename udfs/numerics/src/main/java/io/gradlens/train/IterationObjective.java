package io.gradlens.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The objective of an iteration, which notes what evaluations cost and why one failed. */
final class IterationObjective implements Objective {

  /** A point where the objective was evaluated. */
  record Known(double[] theta, double loss, double[] gradient) {}

  private final Workforce workforce;
  private final int iteration;
  private final double maxFailureFraction;
  private final List<Known> before;
  private final double[] start;
  private final List<Known> known = new ArrayList<>();
  private double norm = Double.NaN;
  private long nfe;
  private String trouble = "";

  /**
   * @param start where the iteration begins, {@code [p]}; copied
   * @param before what the iteration before evaluated, where both have the same objective
   */
  IterationObjective(
      Workforce workforce,
      int iteration,
      double maxFailureFraction,
      double[] start,
      List<Known> before) {
    this.workforce = workforce;
    this.iteration = iteration;
    this.maxFailureFraction = maxFailureFraction;
    this.before = before;
    this.start = start.clone();
  }

  @Override
  public double evaluate(double[] theta, double[] gradient) {
    double loss = loss(theta, gradient);
    if (Arrays.equals(theta, start)) {
      norm = GradientClipping.norm(gradient);
    }
    if (workforce.isSameEveryIteration()) {
      known.add(new Known(theta.clone(), loss, gradient.clone()));
    }
    return loss;
  }

  private double loss(double[] theta, double[] gradient) {
    for (Known each : before) {
      if (Arrays.equals(theta, each.theta)) {
        System.arraycopy(each.gradient, 0, gradient, 0, gradient.length);
        return each.loss;
      }
    }
    LossSum sum = workforce.gradient(theta, iteration);
    nfe += sum.nfe();
    sum.meanGradient(gradient);
    if (sum.isUsable(maxFailureFraction)) {
      return sum.meanLoss();
    }
    trouble =
        sum.failed() > 0
            ? "%d of %d windows could not be solved"
                .formatted(sum.failed(), sum.failed() + sum.windows())
            : "the loss is %s, its gradient's norm %s"
                .formatted(sum.meanLoss(), GradientClipping.norm(gradient));
    return Double.NaN;
  }

  /** What the next iteration need not evaluate again. */
  List<Known> known() {
    return known;
  }

  /** Of the gradient where the iteration began. */
  double norm() {
    return norm;
  }

  /** Evaluations of the field. */
  long nfe() {
    return nfe;
  }

  /** Why the loss could not be computed; empty where it could. */
  String trouble() {
    return trouble;
  }
}
