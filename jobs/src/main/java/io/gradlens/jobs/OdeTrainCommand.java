package io.gradlens.jobs;

import io.gradlens.UserInputException;
import io.gradlens.trajectory.DensityLoss;
import io.gradlens.trajectory.LatentLoss;
import io.gradlens.trajectory.SolutionLoss;
import io.gradlens.trajectory.TrainingLoss;
import io.gradlens.trajectory.TrainingPlan;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gradlens ode-train}: fit the parameters of a field to trajectories. */
@Command(
    name = "ode-train",
    mixinStandardHelpOptions = true,
    versionProvider = Gradlens.Version.class,
    sortOptions = false,
    abbreviateSynopsis = true,
    description = "Fit the parameters of a field to trajectories.")
final class OdeTrainCommand implements Callable<Integer> {

  /** Where losses are computed. */
  enum Place {
    AUTO,
    DRIVER,
    EXECUTORS
  }

  @Option(
      names = "--trajectories",
      paramLabel = "PATH",
      description =
          "Folder, file or glob, Parquet or CSV: trajectory_id, t, y as arrays, or trajectory_id,"
              + " t, y1, ..., yd.")
  String trajectories;

  @Mixin SolverArguments solver;

  @Option(
      names = "--loss",
      paramLabel = "NAME",
      defaultValue = "mse",
      description =
          "mse, mae, huber or gaussian-nll of solutions; nll of the first points under a continuous"
              + " flow; elbo of a latent ODE, with noise of --sigma. Default: ${DEFAULT-VALUE}.")
  String loss;

  @Mixin LossNumbers numbers;

  @Option(
      names = "--truth",
      paramLabel = "PATH",
      description =
          "For elbo: some of the trajectories without noise, at any times. These are held out, and"
              + " what is predicted of them is held against the truth.")
  String truth;

  @Option(
      names = "--learn-initial",
      arity = "0..1",
      fallbackValue = "true",
      defaultValue = "false",
      description = "Learn the initial state of every trajectory too; in the driver only.")
  boolean learnInitial;

  @Mixin TrainingArguments training;

  @Option(
      names = "--train-on",
      paramLabel = "WHERE",
      defaultValue = "auto",
      description =
          "driver, executors, or auto: the driver for data under 64 MB. The result is the same, but"
              + " with --local-steps. Default: ${DEFAULT-VALUE}.")
  String trainOn;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description = "Parts of the data on executors. Default: one a core.")
  Integer partitions;

  @Mixin RunOptions run;

  @Override
  public Integer call() {
    run.require("--field", solver.field);
    run.require("--trajectories", trajectories);
    run.require("--output", run.output);
    run.check();
    if (partitions != null && partitions < 1) {
      throw new UserInputException(
          "Option --partitions must be at least 1, got %d.".formatted(partitions));
    }
    if (learnInitial
        && (training.sampling.window > 0 || training.sampling.validationFraction > 0)) {
      throw new UserInputException(
          "Option --learn-initial learns from whole trajectories, none held out: leave --window and --validation-fraction out.");
    }
    if (learnInitial && (loss.equals(DensityLoss.OPTION) || isLatent())) {
      throw new UserInputException(
          "Option --learn-initial does nothing for --loss %s.".formatted(loss));
    }
    if (isLatent() && training.isLbfgs()) {
      throw new UserInputException(
          "Loss elbo draws states anew in every iteration, and optimizer lbfgs needs the same objective: take adam.");
    }
    if (truth != null && (!isLatent() || training.sampling.validationFraction > 0)) {
      throw new UserInputException(
          "Option --truth is for --loss elbo, and says itself which trajectories are held out: leave --validation-fraction out.");
    }
    training.options();
    Configuration hadoop = SparkHadoopUtil.get().newConfiguration(new SparkConf());
    TrainingPlan plan = new TrainingPlan(solver.field(hadoop), solver.solver(), trainingLoss());
    return new OdeTrainJob(this, plan, hadoop).run();
  }

  private boolean isLatent() {
    return loss.equals(LatentLoss.OPTION);
  }

  private TrainingLoss trainingLoss() {
    return switch (loss) {
      case DensityLoss.OPTION -> new DensityLoss();
      case LatentLoss.OPTION -> new LatentLoss(numbers.noise(), run.seed);
      default -> new SolutionLoss(numbers.loss(loss));
    };
  }

  /**
   * @throws UserInputException if there is no such place
   */
  Place place() {
    return Arrays.stream(Place.values())
        .filter(each -> each.name().equalsIgnoreCase(trainOn))
        .findFirst()
        .orElseThrow(
            () ->
                new UserInputException(
                    "Option --train-on takes auto, driver or executors, got '%s'."
                        .formatted(trainOn)));
  }
}
