package io.gradlens.jobs;

import io.gradlens.UserInputException;
import io.gradlens.trajectory.CheckSample;
import io.gradlens.trajectory.GradientPlan;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gradlens ode-gradients}: a loss on every trajectory, and its gradients. */
@Command(
    name = "ode-gradients",
    mixinStandardHelpOptions = true,
    versionProvider = Gradlens.Version.class,
    sortOptions = false,
    abbreviateSynopsis = true,
    description = "Compute the gradients of a loss for every trajectory of a data set.")
final class OdeGradientsCommand implements Callable<Integer> {

  @Option(
      names = "--trajectories",
      paramLabel = "PATH",
      description =
          "Folder, file or glob, Parquet or CSV: trajectory_id, t, y as arrays, or trajectory_id,"
              + " t, y1, ..., yd.")
  String trajectories;

  @Option(
      names = "--initial",
      paramLabel = "PATH",
      description = "Table of initial states. Default: the first row of each trajectory.")
  String initial;

  @Mixin SolverArguments solver;

  @Option(
      names = "--loss",
      paramLabel = "NAME",
      defaultValue = "mse",
      description = "mse, mae, huber or gaussian-nll. Default: ${DEFAULT-VALUE}.")
  String loss;

  @Mixin LossNumbers numbers;

  @Option(
      names = "--adjoint",
      paramLabel = "NAME",
      defaultValue = "discrete",
      description =
          "discrete (exact for the steps taken) or backsolve (the continuous adjoint). Default:"
              + " ${DEFAULT-VALUE}.")
  String adjoint;

  @Option(
      names = "--grad-theta",
      arity = "0..1",
      fallbackValue = "true",
      defaultValue = "false",
      description = "Keep every trajectory's gradient by the parameters.")
  boolean gradTheta;

  @Option(
      names = "--grad-theta-norm",
      arity = "0..1",
      fallbackValue = "true",
      defaultValue = "false",
      description = "Keep the norm of that gradient only.")
  boolean gradThetaNorm;

  @Option(
      names = "--fd-check",
      paramLabel = "FRACTION",
      defaultValue = "0",
      description = "Check a random sample of so many against central differences.")
  double fdCheck;

  @Option(
      names = "--fd-threshold",
      paramLabel = "X",
      description = "Exit with status 4 if a checked gradient is further off than this.")
  Double fdThreshold;

  @Mixin RunOptions run;

  @Override
  public Integer call() {
    run.require("--field", solver.field);
    run.require("--trajectories", trajectories);
    run.require("--output", run.output);
    run.check();
    if (fdThreshold != null && fdCheck == 0) {
      throw new UserInputException(
          "Option --fd-threshold needs a sample to check: give --fd-check, as 0.01.");
    }
    Configuration hadoop = SparkHadoopUtil.get().newConfiguration(new SparkConf());
    GradientPlan plan =
        new GradientPlan(
            solver.field(hadoop),
            solver.solver(),
            numbers.loss(loss),
            GradientPlan.Method.named(adjoint),
            theta(),
            new CheckSample(fdCheck, run.seed));
    return new TrajectoryJob<>(new GradientWork(this, plan, hadoop), run, hadoop).run();
  }

  private GradientPlan.Theta theta() {
    if (gradTheta) {
      return GradientPlan.Theta.GRADIENT;
    }
    return gradThetaNorm ? GradientPlan.Theta.NORM : GradientPlan.Theta.NOTHING;
  }
}
