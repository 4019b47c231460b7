package io.gradlens.jobs;

import static io.gradlens.trajectory.TrajectorySchemas.TRAJECTORY_ID;

import io.gradlens.UserInputException;
import io.gradlens.jobs.RunRecord.Counts;
import io.gradlens.jobs.RunRecord.Status;
import io.gradlens.train.Windowing;
import io.gradlens.trajectory.TrainingPlan;
import io.gradlens.trajectory.TrainingTrajectories;
import io.gradlens.trajectory.TrainingTruth;
import io.gradlens.trajectory.TrajectoryTable;
import io.gradlens.udf.Digests;
import io.gradlens.udf.Settings;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** One attempt of a run of {@code ode-train}: check, read, claim the output, train, show. */
final class OdeTrainJob {
  private final OdeTrainCommand command;
  private final TrainingPlan plan;
  private final Configuration hadoop;
  private final Path output;

  OdeTrainJob(OdeTrainCommand command, TrainingPlan plan, Configuration hadoop) {
    this.command = command;
    this.plan = plan;
    this.hadoop = hadoop;
    output = new Path(command.run.output);
  }

  /**
   * @return the exit status
   * @throws UserInputException if field, trajectories or output cannot be used, or training
   *     diverges
   */
  int run() {
    if (command.run.retryFailures) {
      throw new UserInputException(
          "Option --retry-failures does nothing for ode-train: mend the trajectories, and --overwrite.");
    }
    Windowing windowing = command.training.sampling.windowing(plan.leastPoints());
    Attempt attempt = new Attempt("ode-train", command.run, settings(), hadoop);
    Optional<RunRecord> previous = attempt.previous();
    if (previous.isPresent() && previous.get().status == Status.DONE && !command.run.overwrite) {
      System.out.printf(
          "Run %s in %s is done already; nothing to do. Use --overwrite to run it again.%n",
          previous.get().runId, output);
      return ExitStatus.DONE;
    }
    TableFiles files = TableFiles.of("Trajectories", command.trajectories, hadoop);
    TableFiles truth = command.truth == null ? null : TableFiles.of("Truth", command.truth, hadoop);
    try (SparkSession spark =
        SparkStart.session("ode-train", command.run.master, command.run.verbose)) {
      TrainingOutput tables = new TrainingOutput(spark, output);
      attempt.run(
          spark,
          tables,
          Map.of("engine", "java"),
          record -> {
            record.modelSha256 = Digests.sha256(plan.file().canonical());
            record.trajectoriesPerSecond = 0.0;
          },
          (folder, heartbeat, record, wasDone) -> {
            TrainingTrajectories data =
                TrainingTrajectories.of(limited(table(spark, files)), windowing);
            TrainingTrajectories.Counts counts = data.counts();
            heartbeat.update(
                r -> {
                  r.counts =
                      new Counts(
                          counts.sound() + counts.rejected(),
                          counts.sound(),
                          counts.rejected(),
                          files.ignored(),
                          0);
                  r.dataFingerprint = counts.fingerprint().toString();
                });
            tables.rejected(data.rejected());
            if (counts.sound() == 0) {
              throw nothingToLearn(data, counts);
            }
            TrainingData read = read(spark, data, counts, truth);
            double rate =
                new TrainingRun(spark, command, plan, windowing, tables, folder)
                    .run(read, record.attempt > 1);
            read.forget();
            heartbeat.update(
                r -> {
                  r.trajectoriesPerSecond = rate;
                  r.done();
                });
          });
      return ExitStatus.DONE;
    }
  }

  private TrainingData read(
      SparkSession spark,
      TrainingTrajectories data,
      TrainingTrajectories.Counts counts,
      TableFiles files) {
    TrainingTruth truth = files == null ? null : TrainingTruth.of(table(spark, files), data);
    HeldOut heldOut =
        new HeldOut(
            truth == null ? null : truth.ids(),
            command.training.sampling.validationFraction,
            command.run.seed);
    return new TrainingData(data, counts, heldOut, truth);
  }

  /** What θ depends on; where it is computed does not matter but for local steps. */
  private Settings settings() {
    var settings = new TreeMap<>(command.run.settings());
    settings.putAll(plan.settings());
    settings.putAll(command.training.settings());
    settings.put(
        "trajectories", command.run.location("trajectories", command.trajectories, hadoop));
    if (command.truth != null) {
      settings.put("truth", command.run.location("truth", command.truth, hadoop));
    }
    settings.put("learn-initial", Boolean.toString(command.learnInitial));
    if (command.training.localSteps > 1) {
      settings.put("train-on", command.trainOn);
      settings.put("partitions", String.valueOf(command.partitions));
    }
    return new Settings(settings);
  }

  private TrajectoryTable table(SparkSession spark, TableFiles files) {
    return TrajectoryTable.of(files.read(spark), files.location(), plan.observed());
  }

  private TrajectoryTable limited(TrajectoryTable all) {
    return command.run.limit == null
        ? all
        : all.only(
            all.ids()
                .distinct()
                .orderBy(TRAJECTORY_ID)
                .limit((int) Math.min(Integer.MAX_VALUE, command.run.limit())));
  }

  private UserInputException nothingToLearn(
      TrainingTrajectories data, TrainingTrajectories.Counts counts) {
    String first =
        counts.rejected() == 0
            ? ""
            : " The first of %d that are left out, '%s': %s"
                .formatted(
                    counts.rejected(),
                    data.rejected().get(0).id(),
                    data.rejected().get(0).message());
    return new UserInputException(
        "Trajectories %s have nothing to learn from.%s".formatted(command.trajectories, first));
  }
}
