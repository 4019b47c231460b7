package io.gradlens.ode.nn;

import io.gradlens.kernel.LaneKernel;
import io.gradlens.kernel.Real;

/** The way back through one evaluation: cotangents of what every layer computes before σ. */
@Real
final class MlpCotangents {

  /** aᵀ∂f/∂zₗ, {@code [layers][outputs][stride]}, 0 in the lanes that fill up rows. */
  final @Real double[][] z;

  private final Mlp net;
  private final int lanes;
  private final int stride;
  private final @Real double[] input;
  private final MlpGradient gradient;

  MlpCotangents(Mlp net, int lanes) {
    this.net = net;
    this.lanes = lanes;
    stride = LaneKernel.stride(lanes);
    MlpShape shape = net.shape();
    z = new @Real double[shape.layers()][];
    for (int l = 0; l < z.length; l++) {
      z[l] = new @Real double[shape.outputs(l) * stride];
    }
    gradient = new MlpGradient(net, stride, 1);
    input = new @Real double[shape.inputs(0) * stride];
  }

  /** Computes {@link #z} from a cotangent of f and adds those of y and t to the last two arrays. */
  void compute(MlpActivations at, @Real double[] cotangent, @Real double[] gradY, double[] gradT) {
    MlpShape shape = net.shape();
    int last = z.length - 1;
    for (int d = 0; d < shape.dim(); d++) {
      System.arraycopy(cotangent, d * lanes, z[last], d * stride, lanes);
    }
    for (int l = last; l > 0; l--) {
      net.transposed(l, z[l], z[l - 1], stride);
      ActivationLoops.timesSlope(shape.activation(), at.kept[l - 1], z[l - 1], z[l - 1].length);
    }
    net.transposed(0, z[0], input, stride);
    at.timesInputSlope(input);
    at.addInputGradient(input, gradY, gradT);
  }

  /** Adds aᵀ∂f/∂θ lane by lane, {@code [p][lanes]}. */
  void addGradient(MlpActivations at, @Real double[] gradTheta) {
    gradient.take(z, at.x);
    gradient.addLanesTo(gradTheta, lanes);
  }
}
