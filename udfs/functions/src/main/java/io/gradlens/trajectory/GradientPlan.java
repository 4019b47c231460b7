package io.gradlens.trajectory;

import io.gradlens.UserInputException;
import io.gradlens.device.DeviceAdjoint;
import io.gradlens.field.FieldFile;
import io.gradlens.field.FieldPrecision;
import io.gradlens.ode.DifferentiableField;
import io.gradlens.ode.FloatDifferentiableField;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.StepControl;
import io.gradlens.ode.ThetaGradient;
import io.gradlens.ode.adjoint.Adjoint;
import io.gradlens.ode.adjoint.BacksolveAdjoint;
import io.gradlens.ode.adjoint.DiscreteAdjoint;
import io.gradlens.ode.adjoint.FloatBacksolveAdjoint;
import io.gradlens.ode.adjoint.FloatDiscreteAdjoint;
import io.gradlens.ode.adjoint.StepMemory;
import io.gradlens.ode.adjoint.ThetaNorm;
import io.gradlens.udf.Digests;
import io.gradlens.udf.Settings;
import java.io.Serializable;
import java.util.Locale;
import java.util.TreeMap;

/**
 * All that a task has to know to compute gradients.
 *
 * @param method how gradients come about
 * @param theta what a row has of dL/dθ
 * @param check which trajectories are checked against differences
 */
public record GradientPlan(
    FieldFile file,
    SolverOptions solver,
    LossOptions loss,
    Method method,
    Theta theta,
    CheckSample check)
    implements Serializable {

  /** The adjoints of {@code io.gradlens.ode.adjoint}. */
  public enum Method {
    DISCRETE,
    BACKSOLVE;

    /**
     * Looks an adjoint up.
     *
     * @throws UserInputException if there is none of that name
     */
    public static Method named(String option) {
      return switch (option) {
        case "discrete" -> DISCRETE;
        case "backsolve" -> BACKSOLVE;
        default ->
            throw new UserInputException(
                "Adjoint '%s' is not known; choose discrete or backsolve.".formatted(option));
      };
    }
  }

  /** What a row has of dL/dθ. */
  public enum Theta {
    NOTHING,
    NORM,
    GRADIENT
  }

  /**
   * Checks that an adjoint can be made.
   *
   * @throws UserInputException if options do not go together
   */
  public GradientPlan {
    if (check.fraction() > 0 && loss.kind() == LossOptions.Kind.MAE) {
      throw new UserInputException(
          "Loss mae has no slope where a state is on its target, as every first one is: --fd-check needs mse, huber or gaussian-nll.");
    }
    if (check.fraction() > 0 && !file.events().isEmpty()) {
      throw new UserInputException(
          "--fd-check cannot follow events, which move when a trajectory does: leave one of them out.");
    }
    int observed = file.field().observed();
    if (loss.sigma().length > 1 && loss.sigma().length != observed) {
      throw new UserInputException(
          "--sigma has %d numbers, the field has %d components: give one, or one each."
              .formatted(loss.sigma().length, observed));
    }
    if (solver.control() == StepControl.SHARED && !file.events().isEmpty()) {
      throw new UserInputException(
          "Shared steps cannot end at the events of each trajectory: take --step-control per-trajectory.");
    }
    solver =
        solver.withEngine(
            file, method == Method.BACKSOLVE ? "its adjoint is discrete, not backsolve" : null);
    try {
      if (solver.engine() == Engine.JAVA) {
        adjoint(file, solver, method, theta);
      }
    } catch (IllegalArgumentException e) {
      throw new UserInputException(e.getMessage(), e);
    }
  }

  Adjoint adjoint() {
    return adjoint(file, solver, method, theta);
  }

  private static Adjoint adjoint(
      FieldFile file, SolverOptions options, Method method, Theta theta) {
    OdeSolve solve = options.solve().events(file.newEvents());
    ThetaGradient kind = theta == Theta.NOTHING ? ThetaGradient.NONE : ThetaGradient.PER_TRAJECTORY;
    if (options.engine() == Engine.ND4J) {
      return new DeviceAdjoint(
          solve,
          Engine.shape(file),
          file.field().theta(),
          file.field().precision(),
          kind,
          Engine.STEP_BYTES);
    }
    StepMemory memory = StepMemory.checkpoints(Engine.STEP_BYTES);
    if (file.field().precision() == FieldPrecision.FLOAT32) {
      FloatDifferentiableField field = file.field().buildFloat();
      return method == Method.DISCRETE
          ? new FloatDiscreteAdjoint(solve, field, kind, memory)
          : new FloatBacksolveAdjoint(solve, solve, field, kind, ThetaNorm.FULL);
    }
    DifferentiableField field = file.field().build();
    return method == Method.DISCRETE
        ? new DiscreteAdjoint(solve, field, kind, memory)
        : new BacksolveAdjoint(solve, solve, field, kind, ThetaNorm.FULL);
  }

  /** Every setting that a row depends on, by option name. */
  public Settings settings() {
    var settings = new TreeMap<String, String>();
    settings.put("field-sha256", Digests.sha256(file.canonical()));
    settings.putAll(solver.settings());
    settings.putAll(loss.settings());
    settings.put("adjoint", method.name().toLowerCase(Locale.ROOT));
    settings.put("grad-theta", Boolean.toString(theta == Theta.GRADIENT));
    settings.put("grad-theta-norm", Boolean.toString(theta != Theta.NOTHING));
    settings.put("fd-check", Double.toString(check.fraction()));
    return new Settings(settings);
  }
}
