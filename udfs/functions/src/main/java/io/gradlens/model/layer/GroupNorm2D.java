package io.gradlens.model.layer;

import io.gradlens.kernel.ChannelAxis;
import io.gradlens.kernel.FloatImageGroupNorm;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Group normalisation, y = γ_c (x − μ_g)/√(σ²_g + 1e-5) + β_c, with the mean and variance of all
 * pixels of the channels in c's group (Wu and He 2018).
 */
public final class GroupNorm2D implements Op {
  private final INDArray gamma;
  private final INDArray beta;
  private final int groups;

  /**
   * @param gamma γ {@code [K]}
   * @param beta β {@code [K]}
   * @param groups runs of K/groups channels
   */
  public GroupNorm2D(INDArray gamma, INDArray beta, int groups) {
    this.gamma = gamma;
    this.beta = beta;
    this.groups = groups;
  }

  @Override
  public int[] outputShape(List<int[]> inputs) {
    int[] shape = Shapes.spatial(inputs, 0);
    Shapes.expectChannels(shape, (int) gamma.length());
    return shape.clone();
  }

  private FloatImageGroupNorm norm(INDArray x) {
    int pixels = (int) (x.size(1) * x.size(2));
    return new FloatImageGroupNorm(
        (int) gamma.length(), groups, pixels, ChannelAxis.LAST, FloatImageGroupNorm.EPSILON);
  }

  @Override
  public void forward(INDArray[] inputs, INDArray output) {
    FloatImageGroupNorm norm = norm(inputs[0]);
    float[] scale = NativeFloats.read(gamma);
    float[] shift = NativeFloats.read(beta);
    float[] image = new float[norm.size()];
    double[] moments = new double[norm.moments()];
    for (long i = 0; i < inputs[0].size(0); i++) {
      NativeFloats.read(inputs[0], i * image.length, image);
      norm.forward(image, scale, shift, Float.NEGATIVE_INFINITY, moments, 0);
      NativeFloats.write(image, output, i * image.length);
    }
  }

  @Override
  public INDArray vjp(
      int index, INDArray[] inputs, INDArray output, INDArray cotangent, BackwardRule rule) {
    FloatImageGroupNorm norm = norm(inputs[0]);
    float[] scale = NativeFloats.read(gamma);
    float[] shift = NativeFloats.read(beta);
    float[] image = new float[norm.size()];
    float[] g = new float[norm.size()];
    double[] moments = new double[norm.moments()];
    double[] unused = new double[norm.channels()];
    INDArray gradient = Nd4j.createUninitialized(cotangent.dataType(), cotangent.shape());
    long images = inputs[0].size(0);
    for (long i = 0; i < cotangent.size(0); i++) {
      long at = i % images * image.length;
      NativeFloats.read(inputs[0], at, image);
      norm.forward(image, scale, shift, Float.NEGATIVE_INFINITY, moments, 0);
      NativeFloats.read(inputs[0], at, image);
      NativeFloats.read(cotangent, i * image.length, g);
      norm.backward(image, g, scale, shift, Float.NEGATIVE_INFINITY, moments, 0, unused, unused);
      NativeFloats.write(g, gradient, i * image.length);
    }
    return gradient;
  }

  @Override
  public long trainable() {
    return gamma.length() + beta.length();
  }

  @Override
  public List<INDArray> weights() {
    return List.of(gamma, beta);
  }

  @Override
  public Op withWeights(List<INDArray> weights) {
    return new GroupNorm2D(weights.get(0), weights.get(1), groups);
  }
}
