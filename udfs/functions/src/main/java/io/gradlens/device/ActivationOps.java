package io.gradlens.device;

import io.gradlens.ode.nn.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log1p;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * {@link Activation}s as operations of ND4J, each in a form that does not overflow and lets NaN
 * through, which its {@code max} does not.
 */
final class ActivationOps {

  private ActivationOps() {}

  /**
   * σ(z) and σ′(z).
   *
   * @param z overwritten by σ(z)
   * @param slope overwritten by σ′(z); null where it is not wanted
   */
  static void apply(Activation activation, INDArray z, INDArray slope) {
    switch (activation) {
      case TANH -> {
        Transforms.tanh(z, false);
        if (slope != null) {
          slope.assign(z).muli(z).rsubi(1);
        }
      }
      case RELU -> {
        Transforms.relu(z, false);
        if (slope != null) {
          Transforms.sign(slope.assign(z), false);
        }
      }
      case ELU -> {
        try (INDArray low = z.dup()) {
          Transforms.relu(z, false);
          Transforms.exp(low.subi(z), false);
          z.addi(low).subi(1);
          if (slope != null) {
            slope.assign(low);
          }
        }
      }
      case SOFTPLUS -> {
        if (slope != null) {
          Transforms.sigmoid(slope.assign(z), false);
        }
        try (INDArray tail = Transforms.exp(Transforms.abs(z, true).negi(), false)) {
          Nd4j.exec(new Log1p(tail));
          Transforms.relu(z, false).addi(tail);
        }
      }
      case SIN -> {
        if (slope != null) {
          Transforms.cos(slope.assign(z), false);
        }
        Transforms.sin(z, false);
      }
      case IDENTITY -> {
        if (slope != null) {
          slope.assign(1);
        }
      }
    }
  }
}
