package io.gradlens.network;

import io.gradlens.UserInputException;
import java.io.Serializable;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * How weights follow gradients.
 *
 * @param name sgd, nesterov, rmsprop, adam or adamw
 * @param rate the learning rate that the schedule begins with
 * @param momentum for nesterov
 * @param weightDecay λ: added to the gradient of weights as λw; for adamw, taken from the weights
 *     as rate·λw apart from the gradient
 */
public record NetworkOptimizer(String name, double rate, double momentum, double weightDecay)
    implements Serializable {

  /**
   * @throws UserInputException if there is none of that name, or a number is out of range
   */
  public NetworkOptimizer {
    if (!List.of("sgd", "nesterov", "rmsprop", "adam", "adamw").contains(name)) {
      throw new UserInputException(
          "Optimizer '%s' is not known; choose sgd, nesterov, rmsprop, adam or adamw."
              .formatted(name));
    }
    if (!(rate > 0) || !(momentum >= 0 && momentum < 1) || !(weightDecay >= 0)) {
      throw new UserInputException(
          "Option --learning-rate must be above 0, --momentum from 0 to below 1 and --weight-decay at least 0, got %s, %s and %s."
              .formatted(rate, momentum, weightDecay));
    }
  }

  private IUpdater updater() {
    return switch (name) {
      case "sgd" -> new Sgd(rate);
      case "nesterov" -> new Nesterovs(rate, momentum);
      case "rmsprop" -> new RmsProp(rate);
      default -> new Adam(rate);
    };
  }

  /** Sets a network up; decay is of weights alone, not of biases and normalisations. */
  NeuralNetConfiguration.Builder into(NeuralNetConfiguration.Builder network) {
    network.updater(updater());
    if (weightDecay > 0 && name.equals("adamw")) {
      network.weightDecay(weightDecay, true);
    } else if (weightDecay > 0) {
      network.l2(weightDecay);
    }
    return network;
  }

  /** Sets a network up that has another optimizer. */
  FineTuneConfiguration.Builder into(FineTuneConfiguration.Builder network) {
    network.updater(updater());
    if (weightDecay > 0 && name.equals("adamw")) {
      network.weightDecay(weightDecay, true);
    } else if (weightDecay > 0) {
      network.l2(weightDecay);
    }
    return network;
  }
}
