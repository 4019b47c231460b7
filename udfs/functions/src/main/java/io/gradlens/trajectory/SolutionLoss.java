package io.gradlens.trajectory;

import io.gradlens.UserInputException;
import io.gradlens.field.FieldFile;
import io.gradlens.ode.DifferentiableField;
import io.gradlens.train.BatchLoss;
import io.gradlens.train.FieldLoss;
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
  public int leastPoints() {
    return 2;
  }

  @Override
  public BatchLoss make(FieldFile file, SolverOptions solver, int learnedInitial) {
    DifferentiableField field = file.field().build();
    FieldLoss made =
        learnedInitial == 0
            ? new FieldLoss(field, solver.solve(), options::loss)
            : FieldLoss.learningInitialStates(field, solver.solve(), options::loss, learnedInitial);
    return file.events().isEmpty()
        ? made
        : made.withEvents(theta -> file.withTheta(theta).newEvents());
  }

  @Override
  public Map<String, String> settings() {
    return options.settings();
  }
}
