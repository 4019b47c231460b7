package io.gradlens.train;

import java.io.Serializable;

/** The learning rate η of every iteration, counted from 0. */
@FunctionalInterface
public interface LearningRate extends Serializable {

  /** η at an iteration. */
  double at(int iteration);

  /**
   * η₀ always.
   *
   * @throws IllegalArgumentException if it is not above 0
   */
  static LearningRate constant(double rate) {
    GradientOptimizer.requirePositive("learning rate", rate);
    return iteration -> rate;
  }

  /**
   * η₀·γ^⌊k/n⌋: times γ every n iterations.
   *
   * @param every n
   * @param factor γ
   */
  static LearningRate step(double rate, int every, double factor) {
    GradientOptimizer.requirePositive("learning rate", rate);
    GradientOptimizer.requirePositive("factor", factor);
    requireAtLeastOne("iterations between two steps", every);
    return iteration -> rate * StrictMath.pow(factor, iteration / every);
  }

  /** η₀·γᵏ. */
  static LearningRate exponential(double rate, double factor) {
    return step(rate, 1, factor);
  }

  /**
   * From η₀ along half a cosine to 0 at iteration n, and 0 after it: η₀(1 + cos πk/n)/2. Source:
   * Loshchilov and Hutter, SGDR: stochastic gradient descent with warm restarts, 2017, without
   * restarts.
   *
   * @param iterations n
   */
  static LearningRate cosine(double rate, int iterations) {
    GradientOptimizer.requirePositive("learning rate", rate);
    requireAtLeastOne("iterations", iterations);
    return iteration ->
        rate * (1 + StrictMath.cos(Math.PI * Math.min(iteration, iterations) / iterations)) / 2;
  }

  /**
   * The same after a warm-up: over the first n iterations times (k + 1)/n. Source: Goyal et al.,
   * Accurate, large minibatch SGD, 2017.
   *
   * @param iterations n; 0 for none
   */
  default LearningRate warmUp(int iterations) {
    if (iterations < 0) {
      throw new IllegalArgumentException(
          "Expected 0 or more iterations to warm up, got %d.".formatted(iterations));
    }
    return iteration -> at(iteration) * Math.min(1, (iteration + 1.0) / Math.max(1, iterations));
  }

  private static void requireAtLeastOne(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("Expected at least 1 %s, got %d.".formatted(what, value));
    }
  }
}
