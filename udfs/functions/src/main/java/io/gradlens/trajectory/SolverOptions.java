package io.gradlens.trajectory;

import io.gradlens.UserInputException;
import io.gradlens.field.FieldFile;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.StepControl;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Tableaus;
import java.io.Serializable;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How trajectories are solved.
 *
 * @param solver a method of {@link Tableaus}, or {@code adams-moulton}
 * @param rtol relative tolerance; null for steps of one size
 * @param atol absolute tolerance; null for steps of one size
 * @param step the size of all steps; null where they adapt
 * @param maxSteps the most steps of a trajectory, rejected ones counted
 * @param control whose step size a batch takes
 * @param engine what computes them
 */
public record SolverOptions(
    String solver,
    Double rtol,
    Double atol,
    Double step,
    int maxSteps,
    StepControl control,
    Engine engine)
    implements Serializable {

  private static final String MULTISTEP = "adams-moulton";

  /**
   * Checks that a solver can be made of them.
   *
   * @throws UserInputException if the solver is not known, or step size and tolerances are missing
   *     or do not go together
   */
  public SolverOptions {
    if (step == null && (rtol == null || atol == null)) {
      throw new UserInputException(
          isFixedOnly(solver)
              ? "Solver %s takes steps of one size: give --step, for instance a tenth of the shortest time between observations."
                  .formatted(solver)
              : "Solver %s needs --rtol and --atol; there is no default, for they are a property of the problem: 1e-6 and 1e-8 suit many, 1e-7 and 1e-9 gradients."
                  .formatted(solver));
    }
    if (step != null && (rtol != null || atol != null)) {
      throw new UserInputException(
          "Give either --step, for steps of one size, or --rtol and --atol, not both.");
    }
    solve(solver, rtol, atol, step, maxSteps, control);
  }

  private static boolean isFixedOnly(String solver) {
    if (solver.equals(MULTISTEP)) {
      return true;
    }
    try {
      return Tableaus.named(solver).estimates() == 0;
    } catch (IllegalArgumentException e) {
      throw new UserInputException(e.getMessage().replaceAll("\\.$", ", " + MULTISTEP + "."), e);
    }
  }

  /**
   * The same with the engine that it is for a field, see {@link Engine#of}.
   *
   * @throws UserInputException if the engine that was asked for cannot do it
   */
  SolverOptions withEngine(FieldFile file, String missing) {
    return new SolverOptions(
        solver, rtol, atol, step, maxSteps, control, engine.of(file, this, missing));
  }

  /** The solver. */
  OdeSolve solve() {
    return solve(solver, rtol, atol, step, maxSteps, control);
  }

  /** The same to an error that does not count, for checks: 1e-12, or the same steps. */
  OdeSolve tight() {
    return step == null ? solve().controller(StepSizeController.adaptive(1e-12, 1e-12)) : solve();
  }

  private static OdeSolve solve(
      String solver, Double rtol, Double atol, Double step, int maxSteps, StepControl control) {
    boolean isFixedOnly = isFixedOnly(solver);
    try {
      StepSizeController controller =
          step == null ? StepSizeController.adaptive(rtol, atol) : StepSizeController.fixed(step);
      if (isFixedOnly && step == null) {
        throw new UserInputException(
            "Solver %s takes steps of one size: give --step instead of --rtol and --atol."
                .formatted(solver));
      }
      OdeSolve solve =
          solver.equals(MULTISTEP)
              ? OdeSolve.adamsMoulton(controller)
              : OdeSolve.with(Tableaus.named(solver), controller);
      return solve.maxSteps(maxSteps).stepControl(control);
    } catch (IllegalArgumentException e) {
      throw new UserInputException(e.getMessage(), e);
    }
  }

  /** By option name. */
  Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("solver", solver);
    settings.put("rtol", String.valueOf(rtol));
    settings.put("atol", String.valueOf(atol));
    settings.put("step", String.valueOf(step));
    settings.put("max-steps", Integer.toString(maxSteps));
    settings.put("engine", engine.name().toLowerCase(Locale.ROOT));
    settings.put("step-control", control.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    return settings;
  }
}
