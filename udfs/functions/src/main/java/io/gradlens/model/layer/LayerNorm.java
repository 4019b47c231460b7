package io.gradlens.model.layer;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Layer normalisation over the last axis, y = γ·(x − μ)/√(σ² + ε) + β with μ and σ² of the K values
 * at one place (Ba et al. 2016).
 */
public final class LayerNorm implements Op {
  private final INDArray gamma;
  private final INDArray beta;
  private final double epsilon;

  /**
   * @param gamma γ {@code [K]}, or null for 1
   * @param beta β {@code [K]}, or null for 0
   * @param epsilon ε
   */
  public LayerNorm(INDArray gamma, INDArray beta, double epsilon) {
    this.gamma = gamma;
    this.beta = beta;
    this.epsilon = epsilon;
  }

  @Override
  public int[] outputShape(List<int[]> inputs) {
    int[] shape = inputs.get(0).clone();
    for (INDArray weights : weights()) {
      Shapes.expectChannels(shape, (int) weights.length());
    }
    return shape;
  }

  @Override
  public void forward(INDArray[] inputs, INDArray output) {
    float[] x = NativeFloats.read(inputs[0]);
    int k = (int) output.size(-1);
    float[] scale = gamma == null ? null : NativeFloats.read(gamma);
    float[] shift = beta == null ? null : NativeFloats.read(beta);
    for (int row = 0; row < x.length; row += k) {
      double mean = mean(x, row, k);
      double factor = 1 / Math.sqrt(variance(x, row, k, mean) + epsilon);
      for (int i = 0; i < k; i++) {
        double y = (x[row + i] - mean) * factor;
        y = scale == null ? y : y * scale[i];
        x[row + i] = (float) (shift == null ? y : y + shift[i]);
      }
    }
    NativeFloats.write(x, output, 0);
  }

  /** With h = γ ⊙ cotangent and n the normalised input: (h − mean(h) − n·mean(h·n))/√(σ² + ε). */
  @Override
  public INDArray vjp(
      int index, INDArray[] inputs, INDArray output, INDArray cotangent, BackwardRule rule) {
    float[] x = NativeFloats.read(inputs[0]);
    float[] g = NativeFloats.read(cotangent);
    int k = (int) output.size(-1);
    float[] scale = gamma == null ? null : NativeFloats.read(gamma);
    for (int row = 0; row < g.length; row += k) {
      int from = row % x.length;
      double mean = mean(x, from, k);
      double factor = 1 / Math.sqrt(variance(x, from, k, mean) + epsilon);
      double sum = 0;
      double dot = 0;
      for (int i = 0; i < k; i++) {
        double h = scale == null ? g[row + i] : (double) g[row + i] * scale[i];
        sum += h;
        dot += h * (x[from + i] - mean) * factor;
      }
      for (int i = 0; i < k; i++) {
        double h = scale == null ? g[row + i] : (double) g[row + i] * scale[i];
        double normalised = (x[from + i] - mean) * factor;
        g[row + i] = (float) ((h - sum / k - normalised * dot / k) * factor);
      }
    }
    INDArray gradient = Nd4j.createUninitialized(cotangent.dataType(), cotangent.shape());
    NativeFloats.write(g, gradient, 0);
    return gradient;
  }

  private static double mean(float[] x, int from, int k) {
    double sum = 0;
    for (int i = from; i < from + k; i++) {
      sum += x[i];
    }
    return sum / k;
  }

  private static double variance(float[] x, int from, int k, double mean) {
    double sum = 0;
    for (int i = from; i < from + k; i++) {
      sum += (x[i] - mean) * (x[i] - mean);
    }
    return sum / k;
  }

  @Override
  public long trainable() {
    return weights().stream().mapToLong(INDArray::length).sum();
  }

  @Override
  public List<INDArray> weights() {
    if (gamma == null) {
      return beta == null ? List.of() : List.of(beta);
    }
    return beta == null ? List.of(gamma) : List.of(gamma, beta);
  }

  @Override
  public Op withWeights(List<INDArray> weights) {
    return new LayerNorm(
        gamma == null ? null : weights.get(0),
        beta == null ? null : weights.get(weights.size() - 1),
        epsilon);
  }
}
