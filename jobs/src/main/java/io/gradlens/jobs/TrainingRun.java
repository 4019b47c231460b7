package io.gradlens.jobs;

import io.gradlens.UserInputException;
import io.gradlens.cluster.ClusterWorkforce;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** Training of {@code ode-train}: in this process for small data, else on executors. */
final class TrainingRun implements TrainingObserver {

  private static final int POINTS_SHOWN = 1000;

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
  double run(TrainingTrajectories data, TrainingTrajectories.Counts counts, boolean mayResume) {
    TrainingPlaces places = new TrainingPlaces(command, plan, windowing);
    try (Workforce workforce = places.workforce(spark, data, counts)) {
      blocks = places.blocks();
      cluster = places.cluster();
      double[] theta = plan.file().field().theta();
      int dim = plan.file().field().dim();
      if (command.learnInitial) {
        theta = FieldLoss.withInitialStates(theta, dim, blocks, windowing);
      }
      Trainer trainer = trainer(workforce, theta, mayResume);
      double[] learned = train(trainer);
      double[] own = Arrays.copyOf(learned, plan.file().field().theta().length);
      List<ObservedTrajectory> shown = shown(data);
      List<double[]> initial = initial(learned, own.length, dim);
      new TrainingResult(plan, own, trainer.history())
          .write(output, shown, initial, counts.sound());
      if (command.learnInitial) {
        output.write("initial.csv", table(initial));
      }
      report(trainer, own, counts);
      HistoryRow last = trainer.history().get(trainer.history().size() - 1);
      return last.iteration() * workforce.windowsAnIteration() / last.seconds();
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
    done.set(row.iteration());
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

  /** A few trajectories, the first by order of id; of points, more. */
  private List<ObservedTrajectory> shown(TrainingTrajectories data) {
    int count = plan.isFlow() ? POINTS_SHOWN : TrainingResult.SHOWN;
    if (blocks != null) {
      return blocks.stream().flatMap(block -> block.trajectories().stream()).limit(count).toList();
    }
    return data.sound().takeOrdered(count, new ById());
  }

  /** Spark wants it serializable. */
  private static final class ById implements Comparator<ObservedTrajectory>, java.io.Serializable {
    private static final long serialVersionUID = 1;

    @Override
    public int compare(ObservedTrajectory a, ObservedTrajectory b) {
      return a.id().compareTo(b.id());
    }
  }

  private List<double[]> initial(double[] learned, int from, int dim) {
    List<double[]> states = new ArrayList<>();
    for (int at = from; at < learned.length; at += dim) {
      states.add(Arrays.copyOfRange(learned, at, at + dim));
    }
    return states;
  }

  /** A table of initial states, as other commands read it. */
  private String table(List<double[]> initial) {
    int observed = plan.file().field().observed();
    StringBuilder csv = new StringBuilder("trajectory_id");
    for (int i = 1; i <= observed; i++) {
      csv.append(",y").append(i);
    }
    int next = 0;
    for (TrajectoryBlock block : blocks) {
      for (ObservedTrajectory trajectory : block.trajectories()) {
        csv.append('\n').append(trajectory.id());
        for (int i = 0; i < observed; i++) {
          csv.append(',').append(initial.get(next)[i]);
        }
        next++;
      }
    }
    return csv.append('\n').toString();
  }

  private void report(Trainer trainer, double[] theta, TrainingTrajectories.Counts counts) {
    List<HistoryRow> history = trainer.history();
    HistoryRow last = history.get(history.size() - 1);
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
            ? ", %.6g of whole trajectories".formatted(last.validationLoss())
            : "");
    List<String> names = plan.file().field().parameterNames();
    for (int p = 0; p < theta.length && theta.length <= 12; p++) {
      System.out.printf("%-10s %.6g%n", names.get(p), theta[p]);
    }
    for (String name : List.of("field.json", "history", "index.html", RunFolder.RECORD)) {
      System.out.printf(
          "%-10s %s%n", name.replaceAll("\\..*", ""), new Path(command.run.output, name));
    }
  }
}
