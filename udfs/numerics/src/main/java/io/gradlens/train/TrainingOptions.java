package io.gradlens.train;

/**
 * How training goes.
 *
 * @param iterations how many
 * @param learningRate of every iteration
 * @param clipNorm gradients are shortened to this length; infinity for never
 * @param localSteps steps that every part of the data takes by itself between two means; 1 for the
 *     same θ whatever the parts
 * @param maxFailureFraction an iteration in which more of the windows fail is taken back
 * @param validateEvery iterations between two validations; 0 for none
 * @param patience so many validations without a lower loss end training, and the θ with the lowest
 *     is the result; 0 for never, and the last θ
 * @param checkpointEvery iterations between two checkpoints; 0 for none
 */
public record TrainingOptions(
    int iterations,
    LearningRate learningRate,
    double clipNorm,
    int localSteps,
    double maxFailureFraction,
    int validateEvery,
    int patience,
    int checkpointEvery) {

  /** So many iterations, with no clipping, validation or checkpoints. */
  public static TrainingOptions of(int iterations, LearningRate learningRate) {
    return new TrainingOptions(iterations, learningRate, Double.POSITIVE_INFINITY, 1, 0, 0, 0, 0);
  }

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException naming the one that is out of range
   */
  public TrainingOptions {
    require(iterations >= 1, "1 iteration or more", iterations);
    require(clipNorm > 0, "a norm above 0 to clip gradients at", clipNorm);
    require(localSteps >= 1, "1 local step or more", localSteps);
    require(
        maxFailureFraction >= 0 && maxFailureFraction <= 1,
        "a failure fraction from 0 to 1",
        maxFailureFraction);
    require(validateEvery >= 0, "0 or more iterations between validations", validateEvery);
    require(patience >= 0, "a patience of 0 or more validations", patience);
    require(patience == 0 || validateEvery > 0, "validations, for early stopping", validateEvery);
    require(checkpointEvery >= 0, "0 or more iterations between checkpoints", checkpointEvery);
  }

  private static void require(boolean holds, String expected, Object got) {
    if (!holds) {
      throw new IllegalArgumentException("Training: expected %s, got %s.".formatted(expected, got));
    }
  }

  /** The same with validation. */
  public TrainingOptions validating(int every, int stopAfter) {
    return new TrainingOptions(
        iterations,
        learningRate,
        clipNorm,
        localSteps,
        maxFailureFraction,
        every,
        stopAfter,
        checkpointEvery);
  }

  /** The same with checkpoints. */
  public TrainingOptions checkpointing(int every) {
    return new TrainingOptions(
        iterations,
        learningRate,
        clipNorm,
        localSteps,
        maxFailureFraction,
        validateEvery,
        patience,
        every);
  }

  /** The same with local steps. */
  public TrainingOptions local(int steps) {
    return new TrainingOptions(
        iterations,
        learningRate,
        clipNorm,
        steps,
        maxFailureFraction,
        validateEvery,
        patience,
        checkpointEvery);
  }
}
