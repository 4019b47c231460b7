package io.gradlens.odeblock;

import io.gradlens.ode.StepSizeController;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.custom.Max;
import org.nd4j.linalg.api.ops.impl.transforms.same.Abs;
import org.nd4j.linalg.factory.Nd4j;

/** Norms of a batch, relative to the tolerance. */
final class ErrorNorm {
  private final StepSizeController controller;
  private final INDArray scale;
  private final INDArray other;

  ErrorNorm(StepSizeController controller, BatchShape shape) {
    this.controller = controller;
    scale = shape.batch();
    other = shape.batch();
  }

  /**
   * The mean square of x / (atol + rtol max(|y|, |y₁|)).
   *
   * @param x overwritten by that quotient
   */
  double square(INDArray x, INDArray y, INDArray y1) {
    Nd4j.exec(new Abs(y, scale));
    Nd4j.exec(new Abs(y1, other));
    Nd4j.exec(new Max(scale, other, scale));
    scale.muli(controller.rtol()).addi(controller.atol());
    x.divi(scale);
    double norm = x.norm2Number().doubleValue();
    return norm * norm / x.length();
  }

  void close() {
    scale.close();
    other.close();
  }
}
