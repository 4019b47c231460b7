package io.gradlens.train;

/**
 * An objective whose gradient is shortened to a length: g·min(1, c/(|g| + 10⁻⁶)), with the
 * Euclidean norm of all of it, as {@code torch.nn.utils.clip_grad_norm_} does.
 *
 * <p>Source: Pascanu, Mikolov, Bengio, On the difficulty of training recurrent neural networks,
 * 2013.
 */
public final class GradientClipping implements Objective {
  private final Objective objective;
  private final double longest;

  /**
   * @param longest c, above 0; infinity clips nothing
   * @throws IllegalArgumentException if it is not above 0
   */
  public GradientClipping(Objective objective, double longest) {
    if (!(longest > 0)) {
      throw new IllegalArgumentException(
          "Expected a norm above 0 to clip gradients at, got %s.".formatted(longest));
    }
    this.objective = objective;
    this.longest = longest;
  }

  @Override
  public double evaluate(double[] theta, double[] gradient) {
    double loss = objective.evaluate(theta, gradient);
    double factor = longest / (norm(gradient) + 1e-6);
    if (factor < 1) {
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] *= factor;
      }
    }
    return loss;
  }

  /** |g|. */
  static double norm(double[] gradient) {
    return Math.sqrt(WolfeLineSearch.dot(gradient, gradient));
  }
}
