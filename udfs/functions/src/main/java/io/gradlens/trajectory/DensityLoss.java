package io.gradlens.trajectory;

import io.gradlens.UserInputException;
import io.gradlens.field.FieldFile;
import io.gradlens.ode.DivergenceField;
import io.gradlens.train.BatchLoss;
import io.gradlens.train.FlowLoss;
import java.util.Map;

/**
 * The negative log-likelihood of first points under a flow that carries the standard normal density
 * at time 0 to the data's at time 1.
 */
public record DensityLoss() implements TrainingLoss {

  /** As the command line has it. */
  public static final String OPTION = "nll";

  @Override
  public String option() {
    return OPTION;
  }

  @Override
  public void check(FieldFile file) {
    if (!(file.field().build() instanceof DivergenceField)) {
      throw new UserInputException(
          "Loss nll needs a field with a divergence: an mlp or an expression, not '%s'."
              .formatted(file.field().type()));
    }
    if (!file.events().isEmpty()) {
      throw new UserInputException("Loss nll takes no events: a density flows without jumps.");
    }
    if (file.latent() != null) {
      throw new UserInputException(
          "Loss nll is of points as they are: for a field with a section latent take --loss elbo.");
    }
  }

  @Override
  public int leastPoints() {
    return 1;
  }

  @Override
  public BatchLoss make(FieldFile file, SolverOptions solver, int learnedInitial) {
    return new FlowLoss((DivergenceField) file.field().build(), solver.solve());
  }

  @Override
  public Map<String, String> settings() {
    return Map.of("loss", OPTION);
  }
}
