package io.gradlens.trajectory;

import io.gradlens.UserInputException;
import io.gradlens.field.FieldFile;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.StepControl;
import io.gradlens.train.BatchLoss;
import io.gradlens.train.LatentOde;
import io.gradlens.udf.Digests;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is learned, of what, and how trajectories are solved on the way.
 *
 * @param file the field, with the parameters that training begins with
 * @param solver how trajectories are solved
 * @param loss what is made small
 */
public record TrainingPlan(FieldFile file, SolverOptions solver, TrainingLoss loss)
    implements Serializable {

  /**
   * Checks that they go together.
   *
   * @throws UserInputException if the loss cannot be computed for the field or with the solver, or
   *     steps are to be shared
   */
  public TrainingPlan {
    if (solver.control() == StepControl.SHARED) {
      throw new UserInputException(
          "Training takes --step-control per-trajectory: with shared steps a loss depends on its neighbours.");
    }
    loss.check(file);
    solver = solver.withEngine(file, loss.missingOfNd4j());
    try {
      if (solver.engine() == Engine.JAVA) {
        loss.make(file, solver, 0);
      }
    } catch (IllegalArgumentException e) {
      throw new UserInputException("Loss %s: %s".formatted(loss.option(), e.getMessage()), e);
    }
  }

  /** The fewest points of a window. */
  public int leastPoints() {
    return loss.leastPoints();
  }

  /** How many components an observation has. */
  public int observed() {
    return loss.observed(file);
  }

  /** All parameters that are learned, initial states aside, {@code [p]}. */
  public double[] theta() {
    return loss.theta(file);
  }

  /** Their names, one a number. */
  public List<String> parameterNames() {
    List<String> names = new ArrayList<>(file.field().parameterNames());
    if (file.latent() != null) {
      names.addAll(file.latent().parameterNames());
    }
    return names;
  }

  /**
   * The same with what was learned.
   *
   * @param theta begins with the parameters of {@link #theta}
   */
  public TrainingPlan learned(double[] theta) {
    return new TrainingPlan(loss.learned(file, theta), solver, loss);
  }

  /** How to solve with the parameters as they are, events included. */
  public OdeSolve solve() {
    return solver.solve().events(file.newEvents());
  }

  /**
   * What predicts observations from observations, for one thread.
   *
   * @throws IllegalStateException if it is no latent ODE that is learned
   */
  public LatentOde latentOde() {
    if (loss instanceof LatentLoss latent) {
      return latent.model(file, solver);
    }
    throw new IllegalStateException("Loss %s has no latent state.".formatted(loss.option()));
  }

  /**
   * Makes losses wherever they are needed.
   *
   * @param learnedInitial how many trajectories' initial states are learned, too; 0 for none
   */
  public BatchLoss.Factory factory(int learnedInitial) {
    return () -> loss.make(file, solver, learnedInitial);
  }

  /** By option name. */
  public Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>(solver.settings());
    settings.put("field-sha256", Digests.sha256(file.canonical()));
    settings.putAll(loss.settings());
    return settings;
  }
}
