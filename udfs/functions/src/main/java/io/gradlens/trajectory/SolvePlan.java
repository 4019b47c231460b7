package io.gradlens.trajectory;

import io.gradlens.UserInputException;
import io.gradlens.device.DeviceSolve;
import io.gradlens.field.FieldFile;
import io.gradlens.field.FieldPrecision;
import io.gradlens.ode.DifferentiableField;
import io.gradlens.ode.FloatDifferentiableField;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.Solution;
import io.gradlens.ode.StepControl;
import io.gradlens.ode.Trajectories;
import io.gradlens.udf.Digests;
import io.gradlens.udf.Settings;
import java.io.Serializable;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * All that a task has to know to solve from initial states.
 *
 * @param ts the times of all trajectories
 */
public record SolvePlan(FieldFile file, SolverOptions solver, double[] ts) implements Serializable {

  /**
   * Checks that the solver and the field go together.
   *
   * @throws UserInputException if not, or if the times do not ascend or descend
   */
  public SolvePlan {
    ts = ts.clone();
    Trajectory times = Trajectory.checked(null, ts, null, new double[0], false);
    if (times.flaw() != null) {
      throw new UserInputException("The times of --times cannot be used. " + times.reason());
    }
    if (solver.control() == StepControl.SHARED && !file.events().isEmpty()) {
      throw new UserInputException(
          "Shared steps cannot end at the events of each trajectory: take --step-control per-trajectory.");
    }
    file.field().build();
    solver = solver.withEngine(file, null);
  }

  /** Solves by the engine there is, with memory of its own: for one thread. */
  Function<Trajectories, Solution> newSolver() {
    OdeSolve solve = solver.solve().events(file.newEvents());
    if (solver.engine() == Engine.ND4J) {
      return new DeviceSolve(
              solve, Engine.shape(file), file.field().theta(), file.field().precision())
          ::solve;
    }
    if (file.field().precision() == FieldPrecision.FLOAT32) {
      FloatDifferentiableField single = file.field().buildFloat();
      return trajectories -> solve.solve(single, trajectories);
    }
    DifferentiableField field = file.field().build();
    return trajectories -> solve.solve(field, trajectories);
  }

  /** Every setting that a row depends on, by option name. */
  public Settings settings() {
    var settings = new TreeMap<String, String>();
    settings.put("field-sha256", Digests.sha256(file.canonical()));
    settings.putAll(solver.settings());
    settings.put("times-sha256", Digests.sha256(Arrays.toString(ts)));
    return new Settings(settings);
  }
}
