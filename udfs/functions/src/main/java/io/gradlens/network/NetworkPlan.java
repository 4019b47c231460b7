package io.gradlens.network;

import io.gradlens.UserInputException;
import io.gradlens.model.StoredMetadata;
import io.gradlens.random.CounterRandom;
import java.util.List;
import java.util.Map;

/**
 * How a network is trained.
 *
 * @param stored input, preprocessing and classes
 * @param classByLabel the number of every label's class
 * @param classWeights what an image counts by its class; empty where all count the same
 * @param batchSize images a step of a worker
 * @param workers how many train at a time
 * @param averagingFrequency steps between two averages of the workers' weights
 * @param earlyStopping epochs without a lower loss after which training ends; 0 for never
 */
public record NetworkPlan(
    StoredMetadata stored,
    Map<String, Integer> classByLabel,
    List<Double> classWeights,
    Augmentation augmentation,
    NetworkOptimizer optimizer,
    RateSchedule schedule,
    TrainingMasters master,
    int epochs,
    int batchSize,
    int workers,
    int averagingFrequency,
    int earlyStopping,
    long seed) {

  /**
   * @throws UserInputException if a number is out of range
   */
  public NetworkPlan {
    if (epochs < 1 || batchSize < 1 || workers < 1 || averagingFrequency < 1) {
      throw new UserInputException(
          "Options --epochs, --batch-size, --workers and --averaging-frequency must be at least 1, got %d, %d, %d and %d."
              .formatted(epochs, batchSize, workers, averagingFrequency));
    }
    if (earlyStopping < 0) {
      throw new UserInputException(
          "Option --early-stopping must be at least 0, got %d.".formatted(earlyStopping));
    }
  }

  BatchAssembly assembly() {
    return new BatchAssembly(
        stored.input(),
        stored.preprocessing(),
        augmentation,
        stored.classNames().size(),
        classByLabel);
  }

  /** Of first weights; ND4J takes a seed of 0 for none. */
  long firstSeed() {
    return CounterRandom.bits(seed);
  }
}
