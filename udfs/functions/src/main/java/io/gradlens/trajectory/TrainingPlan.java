package io.gradlens.trajectory;

import io.gradlens.UserInputException;
import io.gradlens.device.DeviceEngine;
import io.gradlens.field.FieldFile;
import io.gradlens.ode.DivergenceField;
import io.gradlens.ode.OdeSolve;
import io.gradlens.train.BatchLoss;
import io.gradlens.train.FieldEngine;
import io.gradlens.train.FieldLoss;
import io.gradlens.train.FlowLoss;
import io.gradlens.train.SolverEngine;
import io.gradlens.udf.Digests;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is learned, of what, and how trajectories are solved on the way.
 *
 * @param file the field, with the parameters that training begins with
 * @param solver how trajectories are solved
 * @param loss how far they are from what was observed; null for the negative log-likelihood of a
 *     flow that carries the standard normal density at time 0 to the data's at time 1
 */
public record TrainingPlan(FieldFile file, SolverOptions solver, LossOptions loss)
    implements Serializable {

  /**
   * Checks that they go together.
   *
   * @throws UserInputException if the field has no divergence, or steps are to be shared
   */
  public TrainingPlan {
    if (loss == null && !(file.field().build() instanceof DivergenceField)) {
      throw new UserInputException(
          "Loss nll needs a field with a divergence: an mlp or an expression, not '%s'."
              .formatted(file.field().type()));
    }
    if (loss == null && !file.events().isEmpty()) {
      throw new UserInputException("Loss nll takes no events: a density flows without jumps.");
    }
    solver =
        solver.withEngine(file, loss == null ? "it has no divergence, as loss nll needs it" : null);
  }

  /** Whether a density is learned. */
  public boolean isFlow() {
    return loss == null;
  }

  /** The fewest points of a window. */
  public int leastPoints() {
    return isFlow() ? 1 : 2;
  }

  /** How to solve with the parameters as they are, events included. */
  public OdeSolve solve(double[] theta) {
    return solver.solve().events(file.withTheta(theta).newEvents());
  }

  /**
   * Makes losses wherever they are needed.
   *
   * @param learnedInitial how many trajectories' initial states are learned, too; 0 for none
   */
  public BatchLoss.Factory factory(int learnedInitial) {
    return () -> newLoss(learnedInitial);
  }

  private BatchLoss newLoss(int learnedInitial) {
    if (isFlow()) {
      return new FlowLoss((DivergenceField) file.field().build(), solver.solve());
    }
    return learnedInitial == 0
        ? new FieldLoss(newEngine(), loss::loss)
        : FieldLoss.learningInitialStates(newEngine(), loss::loss, learnedInitial);
  }

  private FieldEngine newEngine() {
    if (solver.engine() == Engine.ND4J) {
      return new DeviceEngine(
          solver.solve(), Engine.shape(file), file.field().theta(), Engine.STEP_BYTES);
    }
    SolverEngine engine = new SolverEngine(file.field().build(), solver.solve());
    return file.events().isEmpty()
        ? engine
        : engine.withEvents(theta -> file.withTheta(theta).newEvents());
  }

  /** By option name. */
  public Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>(solver.settings());
    settings.put("field-sha256", Digests.sha256(file.canonical()));
    settings.putAll(isFlow() ? Map.of("loss", "nll") : loss.settings());
    return settings;
  }
}
