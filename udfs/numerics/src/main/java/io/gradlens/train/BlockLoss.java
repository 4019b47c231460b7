package io.gradlens.train;

import java.util.List;

/**
 * Evaluates blocks of one iteration, one after the other, and sums what they give: what a thread
 * does in the driver, and a task on an executor.
 */
public final class BlockLoss {

  /** What is computed. */
  public enum Kind {
    /** Loss and gradient. */
    GRADIENT,
    /** The loss alone. */
    LOSS
  }

  private final BatchLoss loss;
  private final Sampling sampling;
  private final int iteration;
  private final long[] numbers;
  private final double[] theta;
  private final Kind kind;

  /**
   * @param theta θ, {@code [p]}, only read
   */
  public BlockLoss(BatchLoss loss, Sampling sampling, int iteration, double[] theta, Kind kind) {
    this.loss = loss;
    this.sampling = sampling;
    this.iteration = iteration;
    this.theta = theta;
    this.kind = kind;
    numbers = sampling.numbers(iteration);
  }

  /** The sum over a block's windows. */
  public LossSum evaluate(TrajectoryBlock block) {
    LossSum sum = new LossSum(kind == Kind.GRADIENT ? loss.params() : 0);
    List<Window> windows = sampling.windows(block, iteration, numbers);
    if (!windows.isEmpty() && kind == Kind.GRADIENT) {
      loss.gradient(theta, windows, iteration, sum);
    } else if (!windows.isEmpty()) {
      loss.loss(theta, windows, iteration, sum);
    }
    return sum;
  }
}
