package io.gradlens.train;

import java.io.Serializable;
import java.util.List;
import java.util.function.Supplier;

/**
 * What is learned: a loss of windows that depends on parameters θ.
 *
 * <p>The loss of some windows is the sum of the losses of each; a window's own must not depend on
 * which others it comes with. An instance holds scratch memory, so it belongs to one thread at a
 * time.
 */
public interface BatchLoss {

  /** How many parameters there are, p. */
  int params();

  /** The fewest points that a window can have. */
  int leastPoints();

  /** Whether losses of the same windows at the same θ differ from iteration to iteration. */
  default boolean isRandom() {
    return false;
  }

  /**
   * Adds losses and their gradient.
   *
   * @param theta θ, {@code [p]}
   * @param windows at least one
   * @param iteration for what is random, which depends on it and on the numbers of the windows
   * @param sum is added to: loss, cost, and dL/dθ
   */
  void gradient(double[] theta, List<Window> windows, int iteration, LossSum sum);

  /** The same without the gradient. */
  void loss(double[] theta, List<Window> windows, int iteration, LossSum sum);

  /** Makes instances, one for every thread that computes, wherever it runs. */
  interface Factory extends Supplier<BatchLoss>, Serializable {}
}
