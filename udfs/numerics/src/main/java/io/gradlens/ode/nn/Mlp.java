package io.gradlens.ode.nn;

import io.gradlens.kernel.LaneKernel;
import io.gradlens.kernel.Real;
import io.gradlens.ode.DivergenceField;
import io.gradlens.ode.Tape;
import io.gradlens.ode.ThetaGradient;
import java.util.ArrayList;
import java.util.List;

/**
 * A multilayer perceptron as a vector field: with x₀ = yᵖᵒʷᵉʳ (and t after it, where the shape says
 * so), xₗ₊₁ = σ(Wₗxₗ + bₗ) for the hidden layers, f = W x + b for the last one.
 *
 * <p>The structure is fixed, the parameters are not. The order of θ is described at {@link
 * MlpShape}. Nothing is allocated by {@link #apply} and {@link #vjp} once a number of lanes has
 * been seen. Results have the same bits with and without the vector module.
 */
@Real
public final class Mlp implements DivergenceField {
  private final MlpShape shape;
  private final LaneKernel kernel;
  private final double[] theta;
  private final @Real double[][] weights;
  private final @Real double[][] transposed;
  private final @Real double[][] biases;
  private final List<Scratch> scratch = new ArrayList<>();

  /**
   * Makes a network.
   *
   * @param theta is copied, {@code [p]}
   */
  public Mlp(MlpShape shape, double[] theta) {
    this(shape, theta, LaneKernel.fastest());
  }

  Mlp(MlpShape shape, double[] theta, LaneKernel kernel) {
    this.shape = shape;
    this.kernel = kernel;
    this.theta = new double[shape.params()];
    int layers = shape.layers();
    weights = new @Real double[layers][];
    transposed = new @Real double[layers][];
    biases = new @Real double[layers][];
    for (int l = 0; l < layers; l++) {
      weights[l] = new @Real double[shape.outputs(l) * shape.inputs(l)];
      transposed[l] = new @Real double[weights[l].length];
      biases[l] = new @Real double[shape.outputs(l)];
    }
    setTheta(theta);
  }

  /** The structure. */
  public MlpShape shape() {
    return shape;
  }

  LaneKernel kernel() {
    return kernel;
  }

  @Override
  public int dim() {
    return shape.dim();
  }

  @Override
  public int params() {
    return theta.length;
  }

  @Override
  public int[] tensors() {
    int[] sizes = new int[2 * shape.layers()];
    for (int l = 0; l < shape.layers(); l++) {
      sizes[2 * l] = shape.outputs(l) * shape.inputs(l);
      sizes[2 * l + 1] = shape.outputs(l);
    }
    return sizes;
  }

  @Override
  public double[] theta() {
    return theta.clone();
  }

  @Override
  public void setTheta(double[] values) {
    if (values.length != theta.length) {
      throw new IllegalArgumentException(
          "Cannot set %d parameters: the network has %d.".formatted(values.length, theta.length));
    }
    System.arraycopy(values, 0, theta, 0, theta.length);
    for (int l = 0; l < weights.length; l++) {
      int at = shape.offset(l);
      int in = shape.inputs(l);
      int out = shape.outputs(l);
      for (int i = 0; i < out; i++) {
        for (int j = 0; j < in; j++) {
          @Real double w = (@Real double) values[at + i * in + j];
          weights[l][i * in + j] = w;
          transposed[l][j * out + i] = w;
        }
        biases[l][i] = (@Real double) values[at + in * out + i];
      }
    }
  }

  /** C = Wₗ·X + bₗ. */
  void affine(int l, @Real double[] x, int stride, @Real double[] c, int cStride, int lanes) {
    kernel.affine(
        weights[l], biases[l], shape.outputs(l), shape.inputs(l), x, stride, c, cStride, lanes);
  }

  /** C = Wₗᵀ·X. */
  void transposed(int l, @Real double[] x, @Real double[] c, int stride) {
    kernel.affine(
        transposed[l], null, shape.inputs(l), shape.outputs(l), x, stride, c, stride, stride);
  }

  @Override
  public void apply(double[] t, @Real double[] y, @Real double[] dydt) {
    scratch(t.length).activations.compute(t, y, dydt);
  }

  @Override
  public void vjp(
      double[] t,
      @Real double[] y,
      @Real double[] cotangent,
      @Real double[] gradY,
      @Real double[] gradTheta,
      double[] gradT) {
    Scratch memory = scratch(t.length);
    memory.activations.compute(t, y, null);
    memory.cotangents.compute(memory.activations, cotangent, gradY, gradT);
    if (gradTheta != null) {
      memory.cotangents.addGradient(memory.activations, gradTheta);
    }
  }

  @Override
  public void quadraticForm(double[] t, @Real double[] y, @Real double[] v, @Real double[] q) {
    scratch(t.length).tangents.compute(t, y, v, q);
  }

  @Override
  public void quadraticFormVjp(
      double[] t,
      @Real double[] y,
      @Real double[] v,
      @Real double[] cotangent,
      @Real double[] gradY,
      @Real double[] gradTheta,
      double[] gradT) {
    MlpTangents tangents = scratch(t.length).tangents;
    tangents.compute(t, y, v, null);
    tangents.addGradient(cotangent, gradY, gradTheta, gradT);
  }

  /** C = Wₗ·X. */
  void linear(int l, @Real double[] x, @Real double[] c, int stride) {
    kernel.affine(
        weights[l], null, shape.outputs(l), shape.inputs(l), x, stride, c, stride, stride);
  }

  private Scratch scratch(int lanes) {
    for (int i = 0; i < scratch.size(); i++) {
      if (scratch.get(i).lanes == lanes) {
        return scratch.get(i);
      }
    }
    scratch.add(new Scratch(this, lanes));
    return scratch.get(scratch.size() - 1);
  }

  @Override
  public Tape tape(int lanes, int slots, ThetaGradient thetaGradient) {
    return new MlpTape(this, lanes, slots, thetaGradient);
  }

  /** Memory for a number of lanes. */
  private static final class Scratch {
    final int lanes;
    final MlpActivations activations;
    final MlpCotangents cotangents;
    final MlpTangents tangents;

    Scratch(Mlp net, int lanes) {
      this.lanes = lanes;
      activations = new MlpActivations(net, lanes);
      cotangents = new MlpCotangents(net, lanes);
      tangents = new MlpTangents(net, lanes);
    }
  }
}
