package io.gradlens.network;

import io.gradlens.UserInputException;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;

/** How workers share what they learn. */
public enum TrainingMasters {
  /**
   * Every worker takes steps by itself; then weights and the optimizer's state are averaged.
   * Source: McDonald et al., Distributed training strategies for the structured perceptron, 2010.
   */
  AVERAGING("averaging") {
    @Override
    TrainingMaster<?, ?> master(NetworkPlan plan) {
      return new ParameterAveragingTrainingMaster.Builder(plan.workers(), plan.batchSize())
          .batchSizePerWorker(plan.batchSize())
          .averagingFrequency(plan.averagingFrequency())
          .saveUpdater(true)
          // Batches come as the workers are to have them; neither is anything to be written first.
          .repartionData(Repartition.Never)
          .rddTrainingApproach(RDDTrainingApproach.Direct)
          .storageLevel(null)
          .trainingHooks(new WorkerPreparation(plan.seed()))
          .build();
    }

    @Override
    int stepsAJob(NetworkPlan plan) {
      return plan.averagingFrequency();
    }
  };

  private final String id;

  TrainingMasters(String id) {
    this.id = id;
  }

  /** The name on the command line. */
  public String id() {
    return id;
  }

  /** DL4J's own. */
  abstract TrainingMaster<?, ?> master(NetworkPlan plan);

  /** How many batches of every worker a call of fit is given. */
  abstract int stepsAJob(NetworkPlan plan);

  /**
   * Looks one up by its {@link #id}.
   *
   * @throws UserInputException if there is none of that name
   */
  public static TrainingMasters named(String name) {
    return Arrays.stream(values())
        .filter(each -> each.id.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new UserInputException(
                    "Training master '%s' is not known; choose %s."
                        .formatted(
                            name,
                            Arrays.stream(values())
                                .map(TrainingMasters::id)
                                .collect(Collectors.joining(" or ")))));
  }
}
