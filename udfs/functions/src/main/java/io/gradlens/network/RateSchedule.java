package io.gradlens.network;

import io.gradlens.UserInputException;
import io.gradlens.train.LearningRate;
import java.io.Serializable;

/**
 * The learning rate over epochs.
 *
 * @param name constant, step, exponential or cosine
 * @param decay what step and exponential multiply by
 * @param decayEvery epochs between two steps of step
 * @param warmUp epochs in which the rate rises
 */
public record RateSchedule(String name, double decay, int decayEvery, int warmUp)
    implements Serializable {

  /**
   * @param rate to begin with
   * @param steps iterations of an epoch
   * @throws UserInputException if there is none of that name, or a number is out of range
   */
  LearningRate over(double rate, int epochs, int steps) {
    try {
      LearningRate plain =
          switch (name) {
            case "constant" -> LearningRate.constant(rate);
            case "step" -> LearningRate.step(rate, decayEvery * steps, decay);
            case "exponential" -> LearningRate.step(rate, steps, decay);
            case "cosine" -> LearningRate.cosine(rate, epochs * steps);
            default ->
                throw new UserInputException(
                    "Schedule '%s' is not known; choose constant, step, exponential or cosine."
                        .formatted(name));
          };
      return plain.warmUp(warmUp * steps);
    } catch (IllegalArgumentException e) {
      throw new UserInputException(e.getMessage(), e);
    }
  }

  /** Finds mistakes before data is read. */
  public void check() {
    over(1, 1, 1);
  }
}
