package io.gradlens.model.layer;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A convolution's weights, and the choice of how to convolve with them: by {@link Winograd} where
 * that is faster, by oneDNN elsewhere.
 */
final class Filter {
  private final INDArray kernel;
  private final INDArray bias;
  private volatile Winograd transformed;

  /**
   * @param kernel w, {@code [kh,kw,inputs,outputs]}
   * @param bias b, {@code [outputs]}, or null
   */
  Filter(INDArray kernel, INDArray bias) {
    this.kernel = kernel;
    this.bias = bias;
  }

  /**
   * @param x {@code [N,H,W,inputs]}
   * @param y overwritten, {@code [N,H',W',outputs]}
   */
  void convolve(INDArray x, Window window, INDArray y) {
    if (Winograd.pays(kernel, window, (int) y.size(1), (int) y.size(2))) {
      transformed().convolve(x, window, y);
    } else {
      direct(x, kernel, bias, window, y);
    }
  }

  /** Convolves once: without a transform of the kernel that only pays when it is used again. */
  static void direct(INDArray x, INDArray kernel, INDArray bias, Window window, INDArray y) {
    DynamicCustomOp.DynamicCustomOpsBuilder op = DynamicCustomOp.builder("conv2d");
    op = bias == null ? op.addInputs(x, kernel) : op.addInputs(x, kernel, bias);
    Nd4j.exec(op.addOutputs(y).addIntegerArguments(window.arguments(x.size(1), x.size(2))).build());
  }

  private Winograd transformed() {
    Winograd result = transformed;
    if (result == null) {
      synchronized (this) {
        result = transformed;
        if (result == null) {
          result = new Winograd(kernel, bias);
          transformed = result;
        }
      }
    }
    return result;
  }
}
