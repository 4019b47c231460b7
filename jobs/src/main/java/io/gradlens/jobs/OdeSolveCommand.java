package io.gradlens.jobs;

import io.gradlens.trajectory.SolvePlan;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gradlens ode-solve}: initial states become trajectories. */
@Command(
    name = "ode-solve",
    mixinStandardHelpOptions = true,
    versionProvider = Gradlens.Version.class,
    sortOptions = false,
    abbreviateSynopsis = true,
    description = "Solve a differential equation from every initial state of a data set.")
final class OdeSolveCommand implements Callable<Integer> {

  @Option(
      names = "--initial",
      paramLabel = "PATH",
      description =
          "Folder, file or glob, Parquet or CSV: trajectory_id and y0 as array, or y1, ..., yd.")
  String initial;

  @Option(
      names = "--times",
      paramLabel = "TIMES",
      description = "START:END:COUNT, both ends included, or a file with one time a line.")
  String times;

  @Mixin SolverArguments solver;

  @Mixin RunOptions run;

  @Override
  public Integer call() {
    run.require("--field", solver.field);
    run.require("--initial", initial);
    run.require("--times", times);
    run.require("--output", run.output);
    run.check();
    Configuration hadoop = SparkHadoopUtil.get().newConfiguration(new SparkConf());
    SolvePlan plan =
        new SolvePlan(solver.field(hadoop), solver.solver(), Times.parse(times, hadoop));
    return new TrajectoryJob<>(new SolveWork(this, plan, hadoop), run, hadoop).run();
  }
}
