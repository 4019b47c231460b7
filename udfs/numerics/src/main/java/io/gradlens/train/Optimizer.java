package io.gradlens.train;

/**
 * A rule that makes parameters better, step by step.
 *
 * <p>An instance carries what it remembers from step to step, which can be taken out and put back:
 * a step depends on θ, that memory, the objective and the learning rate only, bit for bit.
 */
public interface Optimizer {

  /**
   * Takes a step. Where L or its gradient at θ is not finite, θ and the memory stay as they are.
   *
   * @param theta θ, {@code [p]}, overwritten with the new one
   * @param objective what is to be made small; evaluated once or more
   * @param learningRate above 0
   * @return L at the θ that came in; NaN or infinite if no step was taken
   */
  double step(double[] theta, Objective objective, double learningRate);

  /** A copy of what it remembers. */
  double[] state();

  /**
   * Puts back what {@link #state} gave.
   *
   * @throws IllegalArgumentException if its length cannot be right
   */
  void restore(double[] state);
}
