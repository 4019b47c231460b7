package io.gradlens.jobs;

import io.gradlens.UserInputException;
import io.gradlens.trajectory.LossOptions;
import java.util.Arrays;
import picocli.CommandLine.Option;

/** The numbers that losses take. */
final class LossNumbers {

  @Option(
      names = "--huber-delta",
      paramLabel = "X",
      defaultValue = "1",
      description = "Where huber goes from square to straight. Default: ${DEFAULT-VALUE}.")
  double huberDelta;

  @Option(
      names = "--sigma",
      paramLabel = "X[,X]",
      defaultValue = "1",
      description =
          "Standard deviations of gaussian-nll, one or one a component; the one of elbo. Default:"
              + " ${DEFAULT-VALUE}.")
  String sigma;

  /**
   * @param name of the loss
   * @throws UserInputException if there is none of that name, or a number is out of range
   */
  LossOptions loss(String name) {
    return new LossOptions(LossOptions.Kind.named(name), huberDelta, sigmas());
  }

  /**
   * The noise of a latent ODE's observations.
   *
   * @throws UserInputException if there is more than one
   */
  double noise() {
    double[] all = sigmas();
    if (all.length != 1) {
      throw new UserInputException(
          "Loss elbo takes one --sigma for all components, got '%s'.".formatted(sigma));
    }
    return all[0];
  }

  private double[] sigmas() {
    try {
      return Arrays.stream(sigma.split(","))
          .map(String::strip)
          .mapToDouble(Double::parseDouble)
          .toArray();
    } catch (NumberFormatException e) {
      throw new UserInputException("Option --sigma takes numbers, got '%s'.".formatted(sigma), e);
    }
  }
}
