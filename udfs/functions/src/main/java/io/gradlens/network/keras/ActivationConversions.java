package io.gradlens.network.keras;

import io.gradlens.model.dl4j.ScalarActivation;
import io.gradlens.model.layer.Activation;
import io.gradlens.model.layer.Activation.Rectifier;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/** Activations as DL4J's own where it has the same function, and as ours elsewhere. */
final class ActivationConversions {
  private static final double SIX = 6;

  private ActivationConversions() {}

  /**
   * @param op null for none
   */
  static IActivation of(Activation op) {
    if (op == null) {
      return new ActivationIdentity();
    }
    return op.rectifier().isPresent()
        ? rectifier(op, op.rectifier().get())
        : smooth(op, op.kind().orElseThrow());
  }

  private static IActivation rectifier(Activation op, Rectifier rectifier) {
    boolean isBounded = rectifier.max() != Double.POSITIVE_INFINITY;
    if (rectifier.isClamp() && !isBounded) {
      return new ActivationReLU();
    }
    if (rectifier.isClamp() && rectifier.max() == SIX) {
      return new ActivationReLU6();
    }
    return rectifier.threshold() == 0 && !isBounded
        ? new ActivationLReLU(rectifier.slope())
        : new ScalarActivation(op);
  }

  private static IActivation smooth(Activation op, Activation.Kind kind) {
    return switch (kind) {
      case ELU -> op.alpha() == 1 ? new ActivationELU() : new ScalarActivation(op);
      case SELU -> new ActivationSELU();
      case SIGMOID -> new ActivationSigmoid();
      case TANH -> new ActivationTanH();
      case SWISH -> new ActivationSwish();
      case HARD_SIGMOID_02 -> new ActivationHardSigmoid();
      default -> new ScalarActivation(op);
    };
  }
}
