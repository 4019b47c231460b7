package io.gradlens.trajectory;

import io.gradlens.UserInputException;
import io.gradlens.ode.adjoint.Loss;
import io.gradlens.ode.adjoint.Losses;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How far a trajectory is from what was observed: the mean over all finite numbers of it, the first
 * point's among them.
 *
 * @param kind the distance
 * @param delta where {@link Kind#HUBER} goes from square to straight
 * @param sigma standard deviations for {@link Kind#GAUSSIAN_NLL}, one or one a component
 */
public record LossOptions(Kind kind, double delta, double[] sigma) implements Serializable {

  /** The distances of {@link Losses}. */
  public enum Kind {
    MSE("mse"),
    MAE("mae"),
    HUBER("huber"),
    GAUSSIAN_NLL("gaussian-nll");

    private final String option;

    Kind(String option) {
      this.option = option;
    }

    /** As the command line has it. */
    public String option() {
      return option;
    }

    /**
     * Looks a distance up.
     *
     * @throws UserInputException if there is none of that name
     */
    public static Kind named(String option) {
      return Arrays.stream(values())
          .filter(kind -> kind.option.equals(option))
          .findFirst()
          .orElseThrow(
              () ->
                  new UserInputException(
                      "Loss '%s' is not known; choose %s."
                          .formatted(
                              option,
                              Arrays.stream(values())
                                  .map(Kind::option)
                                  .collect(Collectors.joining(", ")))));
    }
  }

  /**
   * Checks the numbers.
   *
   * @throws UserInputException if one is not above 0
   */
  public LossOptions {
    sigma = sigma.clone();
    try {
      loss(kind, delta, sigma, new double[0][]);
    } catch (IllegalArgumentException e) {
      throw new UserInputException("Loss %s: %s".formatted(kind.option, e.getMessage()), e);
    }
  }

  /** The loss for targets of trajectories, {@code [time][dim]} each. */
  Loss loss(double[][] targets) {
    return loss(kind, delta, sigma, targets);
  }

  private static Loss loss(Kind kind, double delta, double[] sigma, double[][] targets) {
    return switch (kind) {
      case MSE -> Losses.meanSquared(targets);
      case MAE -> Losses.meanAbsolute(targets);
      case HUBER -> Losses.huber(delta, targets);
      case GAUSSIAN_NLL -> Losses.gaussian(sigma, targets);
    };
  }

  /** By option name. */
  Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("loss", kind.option);
    settings.put("huber-delta", kind == Kind.HUBER ? Double.toString(delta) : "none");
    settings.put("sigma", kind == Kind.GAUSSIAN_NLL ? Arrays.toString(sigma) : "none");
    return settings;
  }
}
