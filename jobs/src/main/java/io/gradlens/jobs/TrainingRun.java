package io.gradlens.jobs;

import io.gradlens.UserInputException;
import io.gradlens.cluster.ClusterWorkforce;
import io.gradlens.metrics.WorkMeter;
import io.gradlens.train.FieldLoss;
import io.gradlens.train.HistoryRow;
import io.gradlens.train.LocalSteps;
import io.gradlens.train.ObservedTrajectory;
import io.gradlens.train.Trainer;
import io.gradlens.train.TrainingFailedException;
import io.gradlens.train.TrainingObserver;
import io.gradlens.train.TrainingOptions;
import io.gradlens.train.TrajectoryBlock;
import io.gradlens.train.Windowing;
import io.gradlens.train.Workforce;
import io.gradlens.trajectory.TrainingPlan;
import io.gradlens.trajectory.TrainingTrajectories;
import io.gradlens.trajectory.TrainingTruth;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** Training of {@code ode-train}: in this process for small data, else on executors. */
final class TrainingRun implements TrainingObserver {

  private final SparkSession spark;
  private final OdeTrainCommand command;
  private final TrainingPlan plan;
  private final Windowing windowing;
  private final TrainingOutput output;
  private final RunFolder folder;
  private final AtomicLong done = new AtomicLong();
  private final SchedulingAdvice advice = new SchedulingAdvice();
  private List<TrajectoryBlock> blocks;
  private ClusterWorkforce cluster;
  private long windowsAnIteration;

  TrainingRun(
      SparkSession spark,
      OdeTrainCommand command,
      TrainingPlan plan,
      Windowing windowing,
      TrainingOutput output,
      RunFolder folder) {
    this.spark = spark;
    this.command = command;
    this.plan = plan;
    this.windowing = windowing;
    this.output = output;
    this.folder = folder;
  }

  /**
   * Trains and writes what came out.
   *
   * @param mayResume whether a checkpoint may be there
   * @return windows evaluated a second, validation aside
   * @throws UserInputException if training diverges
   */
  double run(TrainingData data, boolean mayResume) {
    TrainingPlaces places = new TrainingPlaces(command, plan, windowing);
    try (Workforce workforce = places.workforce(spark, data)) {
      blocks = places.blocks();
      cluster = places.cluster();
      windowsAnIteration = workforce.windowsAnIteration();
      double[] theta = plan.theta();
      int dim = plan.file().field().dim();
      if (command.learnInitial) {
        theta = FieldLoss.withInitialStates(theta, dim, blocks, windowing);
      }
      Trainer trainer = trainer(workforce, theta, mayResume);
      double[] result = train(trainer);
      TrainingPlan learned = plan.learned(result);
      List<double[]> initial = InitialStates.of(result, plan.theta().length, dim);
      TrainingTruth.Distance distance =
          data.truth() == null ? null : data.truth().distance(learned);
      TrainingPortrait portrait = TrainingPortrait.of(learned, initial);
      new TrainingResult(plan, learned, trainer.history(), distance)
          .write(output, portrait, shown(data, portrait.count()), data.counts().sound());
      if (command.learnInitial) {
        output.write("initial.csv", InitialStates.csv(initial, blocks, plan.observed()));
      }
      report(trainer, learned, data.counts(), distance);
      HistoryRow last = trainer.history().get(trainer.history().size() - 1);
      return last.iteration() * windowsAnIteration / last.seconds();
    }
  }

  private Trainer trainer(Workforce workforce, double[] theta, boolean mayResume) {
    TrainingOptions options = command.training.options();
    LocalSteps.OptimizerFactory optimizer = command.training.optimizer(theta.length);
    Optional<String> checkpoint = mayResume ? output.latestCheckpoint() : Optional.empty();
    if (checkpoint.isEmpty()) {
      return Trainer.start(options, optimizer, workforce, this, theta);
    }
    try {
      Trainer resumed = Trainer.resume(options, optimizer, workforce, this, checkpoint.get());
      int before =
          resumed.history().isEmpty()
              ? 0
              : resumed.history().get(resumed.history().size() - 1).iteration();
      done.set(before);
      System.out.printf("Going on after iteration %d.%n", before);
      return resumed;
    } catch (IllegalArgumentException e) {
      throw new UserInputException(
          "Checkpoint in %s: %s".formatted(output.path(TrainingOutput.CHECKPOINTS), e.getMessage()),
          e);
    }
  }

  private double[] train(Trainer trainer) {
    try (var progress =
        Progress.onStderr("trained", "iterations", command.training.iterations, done::get)) {
      return trainer.run();
    } catch (TrainingFailedException e) {
      output.history(trainer.history());
      throw new UserInputException(e.getMessage(), e);
    }
  }

  @Override
  public void iterationDone(HistoryRow row) {
    long before = done.getAndSet(row.iteration());
    WorkMeter.WINDOWS_LEARNED.mark((row.iteration() - before) * windowsAnIteration);
    if (cluster != null) {
      advice
          .afterIteration(cluster.schedulingShare())
          .ifPresent(text -> System.err.println("gradlens: " + text));
    }
  }

  @Override
  public void backedOff(int iteration, String why, double scale) {
    System.err.printf(
        "gradlens: iteration %d: %s; going back a step, learning rate times %s from here on.%n",
        iteration, why, scale);
  }

  @Override
  public void checkpoint(int iteration, String text, List<HistoryRow> history) {
    folder.checkOwnership();
    output.checkpoint(iteration, command.training.checkpointEvery, text);
  }

  /** The first by order of id that are learned from. */
  private List<ObservedTrajectory> shown(TrainingData data, int count) {
    if (blocks != null) {
      return blocks.stream().flatMap(block -> block.trajectories().stream()).limit(count).toList();
    }
    HeldOut heldOut = data.heldOut();
    return data.trajectories()
        .sound()
        .filter(each -> !heldOut.has(each.id()))
        .takeOrdered(count, new ById());
  }

  /** Spark wants it serializable. */
  private static final class ById implements Comparator<ObservedTrajectory>, java.io.Serializable {
    private static final long serialVersionUID = 1;

    @Override
    public int compare(ObservedTrajectory a, ObservedTrajectory b) {
      return a.id().compareTo(b.id());
    }
  }

  private void report(
      Trainer trainer,
      TrainingPlan learned,
      TrainingTrajectories.Counts counts,
      TrainingTruth.Distance distance) {
    List<HistoryRow> history = trainer.history();
    HistoryRow last = history.get(history.size() - 1);
    double[] theta = learned.theta();
    System.out.printf(
        "Trained %d parameters on %d %s (%d left out): %d iterations in %.1f s, loss %.6g%s.%n",
        theta.length,
        counts.sound(),
        counts.sound() == 1 ? "trajectory" : "trajectories",
        counts.rejected(),
        last.iteration(),
        last.seconds(),
        last.loss(),
        Double.isFinite(last.validationLoss())
            ? ", %s %.6g".formatted(TrainingResult.validationName(plan), last.validationLoss())
            : "");
    if (distance != null) {
      System.out.printf(
          "Root mean square of predictions less the truth: %.6g, %d trajectories%s.%n",
          distance.rootMeanSquare(),
          distance.trajectories(),
          distance.failed() == 0 ? "" : "; %d could not be solved".formatted(distance.failed()));
    }
    List<String> names = learned.parameterNames();
    for (int p = 0; p < theta.length && theta.length <= 12; p++) {
      System.out.printf("%-10s %.6g%n", names.get(p), theta[p]);
    }
    for (String name : List.of("field.json", "history", "index.html", RunFolder.RECORD)) {
      System.out.printf(
          "%-10s %s%n", name.replaceAll("\\..*", ""), new Path(command.run.output, name));
    }
  }
}
