package io.gradlens.ode.nn;

import io.gradlens.kernel.LaneKernel;
import io.gradlens.kernel.Real;

/**
 * The quadratic form q = vᵀ(∂f/∂y)v of an {@link Mlp} and the way back through it.
 *
 * <p>Forward, a tangent runs beside the evaluation: ẋ₀ = (∂x₀/∂y)v, żₗ = Wₗẋₗ, ẋₗ₊₁ = σ′(zₗ)żₗ, and
 * q = vᵀż of the last layer. Backward, with bars for cotangents, the last layer has ż̄ = q̄v and z̄
 * = 0; a hidden one ż̄ = σ′·ẋ̄ and z̄ = σ′·x̄ + σ″·ż·ẋ̄ with ẋ̄ = Wᵀż̄ and x̄ = Wᵀz̄ of the layer
 * after it. W receives ż̄ẋᵀ + z̄xᵀ, b receives z̄. Where RELU and ELU have no second derivative, 0
 * stands for it.
 */
@Real
final class MlpTangents {

  private final Mlp net;
  private final int lanes;
  private final MlpShape shape;
  private final int stride;
  private final MlpActivations at;

  /** {@code [dim][stride]}. */
  private final @Real double[] v;

  /** ẋ of every layer and a row of zeros, {@code [layers][inputs + 1][stride]}. */
  private final @Real double[][] x;

  /** ż of every layer, {@code [layers][outputs][stride]}. */
  private final @Real double[][] z;

  private final @Real double[][] zBar;
  private final @Real double[][] tangentBar;

  /** σ″żẋ̄ of every hidden layer. */
  private final @Real double[][] bend;

  private final @Real double[] inputBar;
  private final @Real double[] inputTangentBar;
  private final MlpGradient gradient;

  MlpTangents(Mlp net, int lanes) {
    this.net = net;
    this.lanes = lanes;
    shape = net.shape();
    stride = LaneKernel.stride(lanes);
    at = new MlpActivations(net, lanes);
    int layers = shape.layers();
    v = new @Real double[shape.dim() * stride];
    x = new @Real double[layers][];
    z = new @Real double[layers][];
    zBar = new @Real double[layers][];
    tangentBar = new @Real double[layers][];
    bend = new @Real double[layers - 1][];
    for (int l = 0; l < layers; l++) {
      int size = shape.outputs(l) * stride;
      x[l] = new @Real double[(shape.inputs(l) + 1) * stride];
      z[l] = new @Real double[size];
      zBar[l] = new @Real double[size];
      tangentBar[l] = new @Real double[size];
      if (l < layers - 1) {
        bend[l] = new @Real double[size];
      }
    }
    gradient = new MlpGradient(net, stride, 2);
    inputBar = new @Real double[shape.inputs(0) * stride];
    inputTangentBar = new @Real double[inputBar.length];
  }

  /**
   * Computes the form and keeps what {@link #addGradient} needs.
   *
   * @param q overwritten, {@code [lanes]}; null where it is not wanted
   */
  void compute(double[] t, @Real double[] y, @Real double[] vectors, @Real double[] q) {
    at.compute(t, y, null);
    int d = shape.dim();
    for (int i = 0; i < d; i++) {
      System.arraycopy(vectors, i * lanes, v, i * stride, lanes);
    }
    System.arraycopy(v, 0, x[0], 0, d * stride);
    at.timesInputSlope(x[0]);
    int last = z.length - 1;
    for (int l = 0; l <= last; l++) {
      net.linear(l, x[l], z[l], stride);
      if (l < last) {
        System.arraycopy(z[l], 0, x[l + 1], 0, z[l].length);
        ActivationLoops.timesSlope(shape.activation(), at.kept[l], x[l + 1], z[l].length);
      }
    }
    for (int lane = 0; lane < lanes && q != null; lane++) {
      @Real double sum = 0;
      for (int i = 0; i < d; i++) {
        sum = Math.fma(v[i * stride + lane], z[last][i * stride + lane], sum);
      }
      q[lane] = sum;
    }
  }

  /** Adds the cotangents of y, θ (lane by lane, or not at all where null) and t. */
  void addGradient(
      @Real double[] cotangent, @Real double[] gradY, @Real double[] gradTheta, double[] gradT) {
    int last = z.length - 1;
    for (int i = 0; i < shape.dim(); i++) {
      for (int lane = 0; lane < lanes; lane++) {
        tangentBar[last][i * stride + lane] = cotangent[lane] * v[i * stride + lane];
      }
    }
    for (int l = last; l > 0; l--) {
      net.transposed(l, zBar[l], zBar[l - 1], stride);
      net.transposed(l, tangentBar[l], tangentBar[l - 1], stride);
      throughActivation(l - 1);
    }
    net.transposed(0, zBar[0], inputBar, stride);
    net.transposed(0, tangentBar[0], inputTangentBar, stride);
    addInputGradient(gradY, gradT);
    if (gradTheta != null) {
      gradient.take(tangentBar, x);
      gradient.take(zBar, at.x);
      gradient.addLanesTo(gradTheta, lanes);
    }
  }

  private void throughActivation(int l) {
    @Real double[] bends = bend[l];
    @Real double[] tangents = tangentBar[l];
    @Real double[] values = zBar[l];
    int n = bends.length;
    for (int i = 0; i < n; i++) {
      bends[i] = z[l][i] * tangents[i];
    }
    ActivationLoops.timesCurvature(shape.activation(), at.kept[l], bends, n);
    ActivationLoops.timesSlope(shape.activation(), at.kept[l], tangents, n);
    ActivationLoops.timesSlope(shape.activation(), at.kept[l], values, n);
    for (int i = 0; i < n; i++) {
      values[i] += bends[i];
    }
  }

  private void addInputGradient(@Real double[] gradY, double[] gradT) {
    int n = v.length;
    for (int i = 0; i < n; i++) {
      inputTangentBar[i] *= v[i];
    }
    at.timesInputCurvature(inputTangentBar);
    at.timesInputSlope(inputBar);
    for (int i = 0; i < n; i++) {
      inputBar[i] += inputTangentBar[i];
    }
    at.addInputGradient(inputBar, gradY, gradT);
  }
}
