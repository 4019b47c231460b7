package io.gradlens.train;

import java.io.Serializable;

/**
 * What windows add up to: losses, their gradient, and what they cost. Sums of two sums are exact in
 * everything but the loss and the gradient, which round: the order of summation is {@link
 * SumTree}'s.
 */
public final class LossSum implements Serializable {
  private final double[] gradient;
  private double loss;
  private long windows;
  private long failed;
  private long nfe;

  /**
   * @param params how many parameters the gradient has; 0 where none is wanted
   */
  public LossSum(int params) {
    gradient = new double[params];
  }

  /** Adds a window that could be evaluated. */
  public void add(double windowLoss, long evaluations) {
    loss += windowLoss;
    windows++;
    nfe += evaluations;
  }

  /** Adds a window whose solve failed: it counts in no mean. */
  public void addFailure(long evaluations) {
    failed++;
    nfe += evaluations;
  }

  /** Adds to the gradient. */
  public void addGradient(double[] part) {
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] += part[i];
    }
  }

  /** Adds another sum. */
  void add(LossSum other) {
    loss += other.loss;
    windows += other.windows;
    failed += other.failed;
    nfe += other.nfe;
    addGradient(other.gradient);
  }

  /** The mean loss of the windows that could be evaluated; NaN if there are none. */
  public double meanLoss() {
    return windows == 0 ? Double.NaN : loss / windows;
  }

  /**
   * The gradient of the mean loss.
   *
   * @param mean overwritten, {@code [p]}
   */
  void meanGradient(double[] mean) {
    for (int i = 0; i < mean.length; i++) {
      mean[i] = gradient[i] / windows;
    }
  }

  /** How many windows could be evaluated. */
  public long windows() {
    return windows;
  }

  /** How many could not. */
  public long failed() {
    return failed;
  }

  /** Evaluations of f, forwards and backwards. */
  public long nfe() {
    return nfe;
  }

  /** Whether loss and gradient are finite, and no more than a fraction of the windows failed. */
  boolean isUsable(double maxFailureFraction) {
    return windows > 0
        && failed <= maxFailureFraction * (windows + failed)
        && GradientOptimizer.isFinite(loss, gradient);
  }
}
