package io.gradlens.network;

import io.gradlens.UserInputException;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** How workers share what they learn. */
public enum TrainingMasters {
  /**
   * Every worker takes steps by itself; then weights and the optimizer's state are averaged.
   * Source: McDonald et al., Distributed training strategies for the structured perceptron, 2010.
   */
  AVERAGING("averaging") {
    @Override
    TrainingMaster<?, ?> master(NetworkPlan plan, OdeTally tally) {
      return new ParameterAveragingTrainingMaster.Builder(plan.workers(), plan.batchSize())
          .batchSizePerWorker(plan.batchSize())
          .averagingFrequency(plan.averagingFrequency())
          .saveUpdater(true)
          // Batches come as the workers are to have them; neither is anything to be written first.
          .repartionData(Repartition.Never)
          .rddTrainingApproach(RDDTrainingApproach.Direct)
          .storageLevel(null)
          .trainingHooks(new WorkerStep(plan.seed(), tally))
          .build();
    }

    @Override
    int stepsAJob(NetworkPlan plan) {
      return plan.averagingFrequency();
    }
  },
  /** Workers send each other what they learn while they learn it. */
  SHARING("sharing") {
    @Override
    TrainingMaster<?, ?> master(NetworkPlan plan, OdeTally tally) {
      return new GradientSharing(
          plan.workers(), plan.batchSize(), new WorkerStep(plan.seed(), tally));
    }

    @Override
    int stepsAJob(NetworkPlan plan) {
      return Integer.MAX_VALUE;
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

  /** DL4J's, for one job. */
  abstract TrainingMaster<?, ?> master(NetworkPlan plan, OdeTally tally);

  /**
   * Trains a network, which is changed.
   *
   * @param batches of every worker, one partition each
   * @param tally is told what ODE blocks take
   * @return the mean of the workers' last losses
   */
  double fit(
      JavaSparkContext context,
      NetworkPlan plan,
      ComputationGraph network,
      JavaRDD<MultiDataSet> batches,
      OdeTally tally) {
    var spark = new SparkComputationGraph(context, network, master(plan, tally));
    spark.fitMultiDataSet(batches);
    return spark.getScore();
  }

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
