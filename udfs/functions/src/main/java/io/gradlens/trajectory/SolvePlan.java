package io.gradlens.trajectory;

import io.gradlens.UserInputException;
import io.gradlens.field.FieldFile;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.StepControl;
import io.gradlens.udf.Digests;
import io.gradlens.udf.Settings;
import java.io.Serializable;
import java.util.Arrays;
import java.util.TreeMap;

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
  }

  OdeSolve solve() {
    return solver.solve().events(file.newEvents());
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
