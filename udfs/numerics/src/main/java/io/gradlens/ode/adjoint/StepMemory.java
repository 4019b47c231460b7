package io.gradlens.ode.adjoint;

/**
 * What a {@link DiscreteAdjoint} keeps of the forward solve. Gradients are the same, bit for bit.
 *
 * @param isStored whether every stage's evaluation is kept
 * @param bytes how many bytes of states may be kept, as near as it gets
 */
public record StepMemory(boolean isStored, long bytes) {

  /** Every stage of every step: nothing is evaluated twice, and it takes the most memory. */
  public static StepMemory store() {
    return new StepMemory(true, Long.MAX_VALUE);
  }

  /** The state at the beginning of every step: stages are evaluated a second time. */
  public static StepMemory recompute() {
    return new StepMemory(false, Long.MAX_VALUE);
  }

  /**
   * States at some steps, as many as fit into half of the bytes: steps in between are taken a
   * second time from there, into the other half, and stages evaluated a third time.
   *
   * @throws IllegalArgumentException if it is not above 0
   */
  public static StepMemory checkpoints(long bytes) {
    if (bytes <= 0) {
      throw new IllegalArgumentException(
          "Expected a number of bytes above 0 for checkpoints, got %d.".formatted(bytes));
    }
    return new StepMemory(false, bytes);
  }
}
