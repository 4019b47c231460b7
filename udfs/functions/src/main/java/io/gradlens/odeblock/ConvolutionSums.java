package io.gradlens.odeblock;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What the gradients of a {@link TimedConvolution} are made of, summed over evaluations: dL/dW, and
 * the output's cotangents summed over images, as they are and times t.
 *
 * @param kernel {@code [3,3,C,C]}
 * @param plain {@code [HWC]}
 * @param timed {@code [HWC]}
 */
record ConvolutionSums(INDArray kernel, INDArray plain, INDArray timed) {

  static ConvolutionSums of(BatchShape shape) {
    return new ConvolutionSums(
        shape.array(3, 3, shape.channels(), shape.channels()),
        shape.array(shape.numbers()),
        shape.array(shape.numbers()));
  }

  void clear() {
    kernel.assign(0);
    plain.assign(0);
    timed.assign(0);
  }

  /** Adds an evaluation at time t. */
  void add(INDArray gradKernel, INDArray overImages, double t, double weight) {
    axpy(weight, gradKernel, kernel);
    axpy(weight, overImages, plain);
    axpy(weight * t, overImages, timed);
  }

  void add(ConvolutionSums other, double weight) {
    axpy(weight, other.kernel, kernel);
    axpy(weight, other.plain, plain);
    axpy(weight, other.timed, timed);
  }

  private static void axpy(double factor, INDArray x, INDArray y) {
    Nd4j.getBlasWrapper().level1().axpy(x.length(), factor, x, y);
  }

  void close() {
    kernel.close();
    plain.close();
    timed.close();
  }
}
