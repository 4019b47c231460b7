package io.gradlens.trajectory;

import io.gradlens.UserInputException;
import io.gradlens.device.DeviceEngine;
import io.gradlens.field.FieldFile;
import io.gradlens.train.BatchLoss;
import io.gradlens.train.FieldEngine;
import io.gradlens.train.FieldLoss;
import io.gradlens.train.SolverEngine;
import java.util.Map;

/**
 * How far solutions are from what was observed.
 *
 * @param options the distance
 */
public record SolutionLoss(LossOptions options) implements TrainingLoss {

  @Override
  public String option() {
    return options.kind().option();
  }

  @Override
  public void check(FieldFile file) {
    if (file.latent() != null) {
      throw new UserInputException(
          "Loss %s compares the field's own state: for a field with a section latent take --loss elbo."
              .formatted(option()));
    }
  }

  @Override
  public String missingOfNd4j() {
    return null;
  }

  @Override
  public int leastPoints() {
    return 2;
  }

  @Override
  public BatchLoss make(FieldFile file, SolverOptions solver, int learnedInitial) {
    FieldEngine engine = engine(file, solver);
    return learnedInitial == 0
        ? new FieldLoss(engine, options::loss)
        : FieldLoss.learningInitialStates(engine, options::loss, learnedInitial);
  }

  private static FieldEngine engine(FieldFile file, SolverOptions solver) {
    if (solver.engine() == Engine.ND4J) {
      return new DeviceEngine(
          solver.solve(), Engine.shape(file), file.field().theta(), Engine.STEP_BYTES);
    }
    SolverEngine engine = new SolverEngine(file.field().build(), solver.solve());
    return file.events().isEmpty()
        ? engine
        : engine.withEvents(theta -> file.withTheta(theta).newEvents());
  }

  @Override
  public Map<String, String> settings() {
    return options.settings();
  }
}
