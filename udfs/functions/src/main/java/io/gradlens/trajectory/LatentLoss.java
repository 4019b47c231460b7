package io.gradlens.trajectory;

import io.gradlens.UserInputException;
import io.gradlens.field.FieldFile;
import io.gradlens.train.BatchLoss;
import io.gradlens.train.LatentOde;
import io.gradlens.train.LatentOdeLoss;
import java.util.Arrays;
import java.util.Map;

/**
 * The negative evidence lower bound of a latent ODE: what is observed comes from a state that is
 * not.
 *
 * @param noise the standard deviation of an observed number about what the state says
 * @param seed of the states that are drawn
 */
public record LatentLoss(double noise, long seed) implements TrainingLoss {

  /** As the command line has it. */
  public static final String OPTION = "elbo";

  @Override
  public String option() {
    return OPTION;
  }

  @Override
  public void check(FieldFile file) {
    if (file.latent() == null) {
      throw new UserInputException(
          "Loss elbo needs a latent state: add latent { observed = 2, encoder = 25, decoder = 20, seed = 1 } to the field's file.");
    }
    if (!file.events().isEmpty()) {
      throw new UserInputException(
          "Loss elbo takes no events: nobody sees when a latent state reaches one.");
    }
  }

  @Override
  public int leastPoints() {
    return 2;
  }

  @Override
  public int observed(FieldFile file) {
    return file.latent().shape().observed();
  }

  @Override
  public double[] theta(FieldFile file) {
    double[] field = file.field().theta();
    double[] networks = file.latent().theta();
    double[] theta = Arrays.copyOf(field, field.length + networks.length);
    System.arraycopy(networks, 0, theta, field.length, networks.length);
    return theta;
  }

  @Override
  public FieldFile learned(FieldFile file, double[] theta) {
    return file.withLatentTheta(theta);
  }

  @Override
  public BatchLoss make(FieldFile file, SolverOptions solver, int learnedInitial) {
    return new LatentOdeLoss(
        file.field().build(), solver.solve(), file.latent().shape(), noise, seed);
  }

  LatentOde model(FieldFile file, SolverOptions solver) {
    return new LatentOde(file.field().build(), solver.solve(), file.latent().shape());
  }

  @Override
  public Map<String, String> settings() {
    return Map.of("loss", OPTION, "sigma", Double.toString(noise));
  }
}
