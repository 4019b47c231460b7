package io.gradlens.ode.nn;

import io.gradlens.kernel.LaneKernel;
import io.gradlens.ode.Real;

/** The way back through one evaluation: cotangents of what every layer computes before σ. */
@Real
final class MlpCotangents {
  final int lanes;

  /** aᵀ∂f/∂zₗ, {@code [layers][outputs][stride]}, 0 in the lanes that fill up rows. */
  final @Real double[][] z;

  private final Mlp net;
  private final int stride;
  private final @Real double[] input;

  MlpCotangents(Mlp net, int lanes) {
    this.net = net;
    this.lanes = lanes;
    stride = LaneKernel.stride(lanes);
    MlpShape shape = net.shape();
    z = new @Real double[shape.layers()][];
    for (int l = 0; l < z.length; l++) {
      z[l] = new @Real double[shape.outputs(l) * stride];
    }
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
    addInputGradient(at, gradY, gradT);
  }

  private void addInputGradient(MlpActivations at, @Real double[] gradY, double[] gradT) {
    MlpShape shape = net.shape();
    if (shape.power() > 1) {
      for (int i = 0; i < at.y.length; i++) {
        input[i] *= shape.power();
      }
      for (int k = 1; k < shape.power(); k++) {
        for (int i = 0; i < at.y.length; i++) {
          input[i] *= at.y[i];
        }
      }
    }
    for (int d = 0; d < shape.dim(); d++) {
      for (int l = 0; l < lanes; l++) {
        gradY[d * lanes + l] += input[d * stride + l];
      }
    }
    if (shape.time() == MlpShape.Time.LAST_INPUT) {
      for (int l = 0; l < lanes; l++) {
        gradT[l] += input[shape.dim() * stride + l];
      }
    }
  }

  /** Adds aᵀ∂f/∂θ lane by lane, {@code [p][lanes]}. */
  void addThetaGradient(MlpActivations at, @Real double[] gradTheta) {
    MlpShape shape = net.shape();
    int row = 0;
    for (int l = 0; l < z.length; l++) {
      int in = shape.inputs(l);
      int out = shape.outputs(l);
      for (int i = 0; i < out; i++) {
        for (int j = 0; j < in; j++) {
          addProducts(z[l], i * stride, at.x[l], j * stride, gradTheta, row++ * lanes);
        }
      }
      for (int i = 0; i < out; i++) {
        for (int lane = 0; lane < lanes; lane++) {
          gradTheta[row * lanes + lane] += z[l][i * stride + lane];
        }
        row++;
      }
    }
  }

  private void addProducts(
      @Real double[] a, int aAt, @Real double[] b, int bAt, @Real double[] sum, int at) {
    for (int l = 0; l < lanes; l++) {
      sum[at + l] = Math.fma(a[aAt + l], b[bAt + l], sum[at + l]);
    }
  }
}
