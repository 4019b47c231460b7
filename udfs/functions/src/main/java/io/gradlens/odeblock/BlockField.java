package io.gradlens.odeblock;

import io.gradlens.kernel.ChannelAxis;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The right-hand side of an ODE block, dz/dt = f(z, t), on a batch of maps: normalisation, ReLU,
 * convolution, normalisation, ReLU, convolution, normalisation. Normalisations are by min(32, C)
 * groups, convolutions 3x3 with the time as one more input channel.
 *
 * <p>Source: Chen, Rubanova, Bettencourt, Duvenaud, Neural Ordinary Differential Equations, 2018,
 * section 3; the layers are those of the authors' experiment on MNIST.
 */
final class BlockField {
  static final int NORMS = 3;
  static final int CONVOLUTIONS = 2;
  private static final int GROUPS = 32;
  private static final double RELU = 0;
  private static final double LINEAR = Double.NEGATIVE_INFINITY;

  private final BatchShape shape;
  private final NormalizedImages[] norms = new NormalizedImages[NORMS];
  private final TimedConvolution[] convolutions = new TimedConvolution[CONVOLUTIONS];
  private final INDArray scratch;

  BlockField(BatchShape shape) {
    this.shape = shape;
    int channels = (int) shape.channels();
    int pixels = (int) (shape.rows() * shape.columns());
    Arrays.setAll(
        norms,
        i ->
            NormalizedImages.of(
                shape.type(), channels, groups(channels), pixels, ChannelAxis.LAST));
    Arrays.setAll(convolutions, i -> new TimedConvolution(shape));
    scratch = shape.batch();
  }

  /** Groups of a normalisation. */
  static int groups(long channels) {
    return (int) Math.min(GROUPS, channels);
  }

  /** The parameters, in the order in which they are stored. */
  static List<LearntArray> learntArrays(long channels) {
    long in = 9 * (channels + 1);
    long out = 9 * channels;
    List<LearntArray> arrays = new ArrayList<>();
    for (int i = 0; i < NORMS; i++) {
      arrays.add(LearntArray.scale(gamma(i), channels));
      arrays.add(LearntArray.shift(beta(i), channels));
      if (i < CONVOLUTIONS) {
        arrays.add(LearntArray.weight(kernel(i), in, out, 3, 3, channels, channels));
        arrays.add(LearntArray.weight(timeKernel(i), in, out, 3, 3, channels));
        arrays.add(LearntArray.bias(bias(i), channels));
      }
    }
    return arrays;
  }

  private static String gamma(int norm) {
    return "gamma" + (norm + 1);
  }

  private static String beta(int norm) {
    return "beta" + (norm + 1);
  }

  private static String kernel(int convolution) {
    return "W" + (convolution + 1);
  }

  private static String timeKernel(int convolution) {
    return "T" + (convolution + 1);
  }

  private static String bias(int convolution) {
    return "b" + (convolution + 1);
  }

  BatchShape shape() {
    return shape;
  }

  FieldTape tape() {
    return new FieldTape(shape, norms[0].moments);
  }

  /** Takes the parameters as they are now; they must not change until the way back is done. */
  void weights(Map<String, INDArray> parameters) {
    for (int i = 0; i < NORMS; i++) {
      norms[i].weights(parameters.get(gamma(i)), parameters.get(beta(i)));
    }
    for (int i = 0; i < CONVOLUTIONS; i++) {
      convolutions[i].weights(
          parameters.get(kernel(i)), parameters.get(timeKernel(i)), parameters.get(bias(i)));
    }
  }

  /**
   * Evaluates f.
   *
   * @param tape holds z; the rest of it is overwritten
   * @param slope overwritten by f(z, t)
   */
  void apply(double t, FieldTape tape, INDArray slope) {
    tape.t = t;
    norms[0].forward(tape.state, tape.first, RELU, tape.moments[0]);
    convolutions[0].forward(t, tape.first, tape.middle);
    norms[1].forward(tape.middle, tape.second, RELU, tape.moments[1]);
    convolutions[1].forward(t, tape.second, tape.last);
    norms[2].forward(tape.last, slope, LINEAR, tape.moments[2]);
  }

  /**
   * The vector–Jacobian product at an evaluation.
   *
   * @param cotangent of f; read only
   * @param gradZ overwritten by (∂f/∂z)ᵀ cotangent
   * @param weight of this evaluation in {@code sums}
   * @param sums the parameters' part is added
   */
  void vjp(FieldTape tape, INDArray cotangent, INDArray gradZ, double weight, FieldGradient sums) {
    gradZ.assign(cotangent);
    norms[2].backward(tape.last, gradZ, LINEAR, tape.moments[2]);
    convolutions[1].backward(tape.t, tape.second, gradZ, scratch, weight, sums.convolutions[1]);
    norms[1].backward(tape.middle, scratch, RELU, tape.moments[1]);
    convolutions[0].backward(tape.t, tape.first, scratch, gradZ, weight, sums.convolutions[0]);
    norms[0].backward(tape.state, gradZ, RELU, tape.moments[0]);
    for (int i = 0; i < NORMS; i++) {
      sums.take(i, norms[i], weight);
    }
  }

  /**
   * Writes the gradients that sums amount to.
   *
   * @param gradients overwritten, by the parameters' names
   */
  void finish(FieldGradient sums, Map<String, INDArray> gradients) {
    for (int i = 0; i < NORMS; i++) {
      INDArray gradGamma = gradients.get(gamma(i));
      INDArray gradBeta = gradients.get(beta(i));
      for (int c = 0; c < shape.channels(); c++) {
        gradGamma.putScalar(c, sums.gamma[i][c]);
        gradBeta.putScalar(c, sums.beta[i][c]);
      }
    }
    for (int i = 0; i < CONVOLUTIONS; i++) {
      convolutions[i].finish(
          sums.convolutions[i],
          gradients.get(kernel(i)),
          gradients.get(timeKernel(i)),
          gradients.get(bias(i)));
    }
  }

  void close() {
    for (TimedConvolution convolution : convolutions) {
      convolution.close();
    }
    scratch.close();
  }
}
