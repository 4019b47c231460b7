package io.gradlens.odeblock;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A 3x3 convolution, stride 1, padded to keep the size, of maps with one more channel that is t
 * everywhere: y = W ∗ x + t (T ∗ 1) + b.
 *
 * <p>The time's part is the same map for all images, T ∗ 1 with zeros around the ones. It is
 * computed once for all times, and neither x nor its gradient ever gets a channel appended.
 *
 * <p>Parameters: W {@code [3,3,C,C]}, T {@code [3,3,C]}, b {@code [C]}: 9(C+1)C + C numbers.
 */
final class TimedConvolution {
  /** Kernel, stride, padding and dilation; not TensorFlow's padding, channels and filters last. */
  private static final int[] GEOMETRY = {3, 3, 1, 1, 1, 1, 1, 1, 0, 1, 0};

  private final BatchShape shape;
  private final INDArray ones;
  private final INDArray timeMap;
  private final INDArray moved;
  private final INDArray gradKernel;
  private INDArray kernel;
  private INDArray timeKernel;
  private INDArray bias;

  TimedConvolution(BatchShape shape) {
    this.shape = shape;
    ones = shape.array(1, shape.rows(), shape.columns(), 1).assign(1);
    timeMap = shape.array(1, shape.rows(), shape.columns(), shape.channels());
    moved = shape.array(1, shape.rows(), shape.columns(), shape.channels());
    gradKernel = shape.array(3, 3, shape.channels(), shape.channels());
  }

  /** Takes W, T and b as they are now. */
  void weights(INDArray newKernel, INDArray newTimeKernel, INDArray newBias) {
    kernel = newKernel;
    timeKernel = overOneChannel(newTimeKernel);
    bias = newBias;
    convolve(ones, timeKernel, timeMap);
  }

  private INDArray overOneChannel(INDArray timeWeights) {
    return timeWeights.reshape(3, 3, 1, shape.channels());
  }

  /**
   * @param y overwritten
   */
  void forward(double t, INDArray x, INDArray y) {
    convolve(x, kernel, y);
    moved.assign(timeMap).muli(t);
    byPixel(moved).addiRowVector(bias);
    byImage(y).addiRowVector(moved.reshape(1, shape.numbers()));
  }

  private INDArray byImage(INDArray batch) {
    return batch.reshape(shape.images(), shape.numbers());
  }

  private INDArray byPixel(INDArray map) {
    return map.reshape(shape.rows() * shape.columns(), shape.channels());
  }

  private static void convolve(INDArray x, INDArray w, INDArray y) {
    Nd4j.exec(
        DynamicCustomOp.builder("conv2d")
            .addInputs(x, w)
            .addOutputs(y)
            .addIntegerArguments(GEOMETRY)
            .build());
  }

  /**
   * The vector–Jacobian product.
   *
   * @param cotangent of y
   * @param gradX overwritten
   * @param sums what the parameters' gradients are made of is added, {@code weight} times
   */
  void backward(
      double t,
      INDArray x,
      INDArray cotangent,
      INDArray gradX,
      double weight,
      ConvolutionSums sums) {
    convolveBack(x, kernel, cotangent, gradX, gradKernel);
    byImage(cotangent).sum(moved.reshape(shape.numbers()), 0);
    sums.add(gradKernel, moved, t, weight);
  }

  private static void convolveBack(
      INDArray x, INDArray w, INDArray cotangent, INDArray gradX, INDArray gradW) {
    Nd4j.exec(
        DynamicCustomOp.builder("conv2d_bp")
            .addInputs(x, w, cotangent)
            .addOutputs(gradX, gradW)
            .addIntegerArguments(GEOMETRY)
            .build());
  }

  /**
   * Turns sums into gradients.
   *
   * @param gradW overwritten
   * @param gradT overwritten
   * @param gradB overwritten
   */
  void finish(ConvolutionSums sums, INDArray gradW, INDArray gradT, INDArray gradB) {
    gradW.assign(sums.kernel());
    byPixel(sums.plain()).sum(gradB, 0);
    INDArray timed = sums.timed().reshape('c', timeMap.shape());
    INDArray unused = shape.array(ones.shape());
    INDArray gradTimeKernel = shape.array(3, 3, 1, shape.channels());
    convolveBack(ones, timeKernel, timed, unused, gradTimeKernel);
    gradT.assign(gradTimeKernel.reshape('c', gradT.shape()));
    unused.close();
    gradTimeKernel.close();
  }

  void close() {
    ones.close();
    timeMap.close();
    moved.close();
    gradKernel.close();
  }
}
