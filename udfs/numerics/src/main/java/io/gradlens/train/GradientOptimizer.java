package io.gradlens.train;

/** An optimizer that evaluates the objective once a step, and knows nothing but its gradient. */
public abstract class GradientOptimizer implements Optimizer {
  private final double weightDecay;
  private final double[] gradient;

  GradientOptimizer(int params, double weightDecay) {
    if (!(weightDecay >= 0 && weightDecay < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "Expected a weight decay of 0 or above, got %s.".formatted(weightDecay));
    }
    this.weightDecay = weightDecay;
    gradient = new double[params];
  }

  @Override
  public final double step(double[] theta, Objective objective, double learningRate) {
    double loss = objective.evaluate(theta, gradient);
    if (!isFinite(loss, gradient)) {
      return Double.isFinite(loss) ? Double.NaN : loss;
    }
    update(theta, gradient, learningRate);
    return loss;
  }

  /** Changes θ by the gradient g, to which it may write. */
  abstract void update(double[] theta, double[] gradient, double learningRate);

  /** g + λθ for g: the gradient of L + λ|θ|²/2. */
  final void addWeightDecay(double[] theta, double[] g) {
    if (weightDecay > 0) {
      for (int i = 0; i < g.length; i++) {
        g[i] += weightDecay * theta[i];
      }
    }
  }

  /** λ. */
  final double weightDecay() {
    return weightDecay;
  }

  static boolean isFinite(double loss, double[] gradient) {
    double sum = loss;
    for (double each : gradient) {
      sum += each * 0;
    }
    return Double.isFinite(sum);
  }

  static void requireFraction(String what, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          "Expected a %s of at least 0 and below 1, got %s.".formatted(what, value));
    }
  }

  static void requirePositive(String what, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "Expected a finite %s above 0, got %s.".formatted(what, value));
    }
  }

  /** Copies a state of so many numbers. */
  static void copyState(double[] from, double[] to) {
    if (from.length != to.length) {
      throw new IllegalArgumentException(
          "Cannot restore an optimizer's state of %d numbers from %d: it belongs to another optimizer or field."
              .formatted(to.length, from.length));
    }
    System.arraycopy(from, 0, to, 0, to.length);
  }
}
