package io.gradlens.jobs;

import io.gradlens.UserInputException;
import io.gradlens.field.FieldFile;
import io.gradlens.ode.StepControl;
import io.gradlens.trajectory.Engine;
import io.gradlens.trajectory.SolverOptions;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Option;

/** The options of every command that solves differential equations. */
final class SolverArguments {

  @Option(
      names = "--field",
      paramLabel = "FILE",
      description = "What is solved: a description in HOCON or JSON.")
  String field;

  @Option(
      names = "--events",
      paramLabel = "FILE",
      description = "Events by formulas; in place of those in the field's file.")
  String events;

  @Option(
      names = "--solver",
      paramLabel = "NAME",
      defaultValue = "dopri5",
      description =
          "dopri5, tsit5, dop853, bosh3, fehlberg2, kvaerno3, kvaerno5; with --step also rk4, rk38,"
              + " heun, midpoint, euler, adams-moulton. Default: ${DEFAULT-VALUE}.")
  String solver;

  @Option(names = "--rtol", paramLabel = "X", description = "Relative tolerance. No default.")
  Double rtol;

  @Option(names = "--atol", paramLabel = "X", description = "Absolute tolerance. No default.")
  Double atol;

  @Option(
      names = "--step",
      paramLabel = "X",
      description = "Steps of this size, instead of tolerances.")
  Double step;

  @Option(
      names = "--max-steps",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Give a trajectory up after so many. Default: ${DEFAULT-VALUE}.")
  int maxSteps;

  @Option(
      names = "--step-control",
      paramLabel = "WHOSE",
      defaultValue = "per-trajectory",
      description =
          "per-trajectory, or shared by a batch: then results depend on how the data is"
              + " partitioned. Default: ${DEFAULT-VALUE}.")
  String stepControl;

  @Option(
      names = "--allow-partition-dependent",
      arity = "0..1",
      fallbackValue = "true",
      defaultValue = "false",
      description = "Allow --step-control shared.")
  boolean allowPartitionDependent;

  @Option(
      names = "--engine",
      paramLabel = "NAME",
      defaultValue = "auto",
      description =
          "java, nd4j (networks on ND4J's arrays, on a GPU in a build for GPUs) or auto: nd4j for"
              + " networks that are wide enough. Default: ${DEFAULT-VALUE}.")
  String engine;

  /**
   * @throws UserInputException if the file cannot be read
   */
  FieldFile field(Configuration hadoop) {
    FieldFile file = FieldFile.read(field, hadoop);
    return events == null ? file : file.withEvents(events, hadoop);
  }

  /**
   * @throws UserInputException if they do not go together
   */
  SolverOptions solver() {
    StepControl control =
        switch (stepControl) {
          case "per-trajectory" -> StepControl.PER_TRAJECTORY;
          case "shared" -> StepControl.SHARED;
          default ->
              throw new UserInputException(
                  "Step control '%s' is not known; choose per-trajectory or shared."
                      .formatted(stepControl));
        };
    if (control == StepControl.SHARED && !allowPartitionDependent) {
      throw new UserInputException(
          "With --step-control shared a trajectory's result depends on those beside it, and so on how the data is partitioned: take per-trajectory, or add --allow-partition-dependent.");
    }
    return new SolverOptions(solver, rtol, atol, step, maxSteps, control, Engine.named(engine));
  }
}
