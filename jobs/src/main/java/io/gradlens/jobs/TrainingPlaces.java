package io.gradlens.jobs;

import io.gradlens.UserInputException;
import io.gradlens.cluster.ClusterWorkforce;
import io.gradlens.jobs.OdeTrainCommand.Place;
import io.gradlens.train.Curriculum;
import io.gradlens.train.LocalWorkforce;
import io.gradlens.train.ObservedTrajectory;
import io.gradlens.train.Sampling;
import io.gradlens.train.TrajectoryBlock;
import io.gradlens.train.TrajectoryBlocks;
import io.gradlens.train.Windowing;
import io.gradlens.train.Workforce;
import io.gradlens.trajectory.TrainingPlan;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;

/** Where {@code ode-train} computes: small data in the driver, without a Spark job an iteration. */
final class TrainingPlaces {

  /** Numbers of trajectories that are trained on in the driver, unless said otherwise: 64 MB. */
  private static final long DRIVER_NUMBERS = 8L << 20;

  private final OdeTrainCommand command;
  private final TrainingPlan plan;
  private final Windowing windowing;
  private List<TrajectoryBlock> blocks;
  private ClusterWorkforce cluster;

  TrainingPlaces(OdeTrainCommand command, TrainingPlan plan, Windowing windowing) {
    this.command = command;
    this.plan = plan;
    this.windowing = windowing;
  }

  /** What is learned from, in the driver; null on executors. */
  List<TrajectoryBlock> blocks() {
    return blocks;
  }

  /** The executors; null in the driver. */
  ClusterWorkforce cluster() {
    return cluster;
  }

  /**
   * Puts the data where it is computed with.
   *
   * @throws UserInputException if nothing is left to learn from, or two trajectories have one id
   */
  Workforce workforce(SparkSession spark, TrainingData data) {
    boolean isLocal =
        command.place() == Place.DRIVER
            || command.place() == Place.AUTO && data.counts().numbers() <= DRIVER_NUMBERS;
    if (command.learnInitial && !isLocal) {
      throw new UserInputException(
          "Option --learn-initial trains in the driver only: add --train-on driver.");
    }
    return isLocal ? local(data) : executors(spark, data);
  }

  private Workforce local(TrainingData data) {
    List<ObservedTrajectory> training = new ArrayList<>();
    List<ObservedTrajectory> heldOut = new ArrayList<>();
    for (ObservedTrajectory each : data.trajectories().sound().collect()) {
      (data.heldOut().has(each.id()) ? heldOut : training).add(each);
    }
    int size = command.training.sampling.blockSize;
    List<TrajectoryBlock> validation;
    try {
      blocks = TrajectoryBlocks.of(training, size, windowing);
      Windowing whole = new Windowing(0, windowing.least());
      validation = heldOut.isEmpty() ? blocks : TrajectoryBlocks.of(heldOut, size, whole);
    } catch (IllegalArgumentException e) {
      throw new UserInputException(e.getMessage(), e);
    }
    requireTraining(blocks.size());
    long windows = blocks.stream().mapToLong(block -> block.windows(windowing)).sum();
    Sampling sampling =
        new Sampling(
            windowing,
            windows,
            command.training.sampling.batch,
            curriculum(data),
            command.run.seed);
    int initial = command.learnInitial ? Math.toIntExact(windows) : 0;
    return new LocalWorkforce(
        blocks,
        sampling,
        validation,
        plan.factory(initial),
        Runtime.getRuntime().availableProcessors());
  }

  private Curriculum curriculum(TrainingData data) {
    return command.training.sampling.curriculum(data.counts().longest());
  }

  private static void requireTraining(long size) {
    if (size == 0) {
      throw new UserInputException(
          "All trajectories are held out for validation: lower --validation-fraction, or leave some out of --truth.");
    }
  }

  private Workforce executors(SparkSession spark, TrainingData data) {
    JavaRDD<ObservedTrajectory> all = data.trajectories().sound();
    HeldOut heldOut = data.heldOut();
    JavaRDD<ObservedTrajectory> training = all.filter(each -> !heldOut.has(each.id()));
    JavaRDD<ObservedTrajectory> validation = all.filter(each -> heldOut.has(each.id()));
    requireTraining(training.count());
    cluster =
        new ClusterWorkforce(
            training,
            heldOut.isNone() || validation.isEmpty() ? null : validation,
            command.training.sampling.blockSize,
            command.partitions == null
                ? spark.sparkContext().defaultParallelism()
                : command.partitions,
            windowing,
            command.training.sampling.batch,
            curriculum(data),
            command.run.seed,
            plan.factory(0));
    return cluster;
  }
}
