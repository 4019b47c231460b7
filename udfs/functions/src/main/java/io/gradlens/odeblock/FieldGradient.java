package io.gradlens.odeblock;

import java.util.Arrays;

/** What the gradients of a {@link BlockField}'s parameters are made of, summed over evaluations. */
final class FieldGradient {
  final ConvolutionSums[] convolutions = new ConvolutionSums[BlockField.CONVOLUTIONS];
  final double[][] gamma;
  final double[][] beta;

  FieldGradient(BatchShape shape) {
    Arrays.setAll(convolutions, i -> ConvolutionSums.of(shape));
    gamma = new double[BlockField.NORMS][(int) shape.channels()];
    beta = new double[BlockField.NORMS][(int) shape.channels()];
    clear();
  }

  void clear() {
    for (ConvolutionSums sums : convolutions) {
      sums.clear();
    }
    for (int i = 0; i < gamma.length; i++) {
      Arrays.fill(gamma[i], 0);
      Arrays.fill(beta[i], 0);
    }
  }

  /** Moves what a normalisation has summed up here, {@code weight} times. */
  void take(int norm, NormalizedImages images, double weight) {
    add(gamma[norm], images.gradGamma, weight);
    add(beta[norm], images.gradBeta, weight);
    Arrays.fill(images.gradGamma, 0);
    Arrays.fill(images.gradBeta, 0);
  }

  void add(FieldGradient other, double weight) {
    for (int i = 0; i < convolutions.length; i++) {
      convolutions[i].add(other.convolutions[i], weight);
    }
    for (int i = 0; i < gamma.length; i++) {
      add(gamma[i], other.gamma[i], weight);
      add(beta[i], other.beta[i], weight);
    }
  }

  private static void add(double[] sum, double[] x, double weight) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += weight * x[i];
    }
  }

  void close() {
    for (ConvolutionSums sums : convolutions) {
      sums.close();
    }
  }
}
