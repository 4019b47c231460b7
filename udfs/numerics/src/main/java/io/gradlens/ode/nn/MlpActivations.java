package io.gradlens.ode.nn;

import io.gradlens.kernel.LaneKernel;
import io.gradlens.kernel.Real;
import java.util.Arrays;

/**
 * One evaluation of an {@link Mlp}: what its layers read, kept for the way back.
 *
 * <p>Rows are {@link LaneKernel#stride} apart; the state is 0 in the lanes that fill them up.
 */
@Real
final class MlpActivations {
  final int lanes;
  final int stride;

  /** The input of every layer and a row of ones, {@code [layers][inputs + 1][stride]}. */
  final @Real double[][] x;

  /** What the hidden layers' slopes are computed from: their outputs, or z where σ is SIN. */
  final @Real double[][] kept;

  /** The state, in the first rows: x[0] itself where the power is 1. */
  final @Real double[] y;

  private final Mlp net;
  private final MlpShape shape;
  private final @Real double[] dydt;

  MlpActivations(Mlp net, int lanes) {
    this.net = net;
    this.lanes = lanes;
    shape = net.shape();
    stride = LaneKernel.stride(lanes);
    x = new @Real double[shape.layers()][];
    kept = new @Real double[shape.layers() - 1][];
    for (int l = 0; l < x.length; l++) {
      int ones = shape.inputs(l) * stride;
      x[l] = new @Real double[ones + stride];
      Arrays.fill(x[l], ones, ones + stride, 1);
    }
    for (int l = 0; l < kept.length; l++) {
      kept[l] = shape.activation() == Activation.SIN ? new @Real double[x[l + 1].length] : x[l + 1];
    }
    y = shape.power() == 1 ? x[0] : new @Real double[shape.dim() * stride];
    dydt = lanes % LaneKernel.LANES == 0 ? null : new @Real double[shape.dim() * stride];
  }

  /**
   * Evaluates the network.
   *
   * @param to overwritten with f, {@code [dim][lanes]}; null where only the activations matter
   */
  void compute(double[] t, @Real double[] from, @Real double[] to) {
    readInput(t, from);
    Activation activation = shape.activation();
    int last = x.length - 1;
    for (int l = 0; l < last; l++) {
      net.affine(l, x[l], stride, kept[l], stride, stride);
      ActivationLoops.apply(activation, kept[l], x[l + 1], shape.outputs(l) * stride);
    }
    if (to == null) {
      return;
    }
    if (dydt == null) {
      net.affine(last, x[last], stride, to, lanes, lanes);
    } else {
      net.affine(last, x[last], stride, dydt, stride, stride);
      for (int d = 0; d < shape.dim(); d++) {
        System.arraycopy(dydt, d * stride, to, d * lanes, lanes);
      }
    }
  }

  private void readInput(double[] t, @Real double[] from) {
    for (int d = 0; d < shape.dim(); d++) {
      System.arraycopy(from, d * lanes, y, d * stride, lanes);
    }
    if (shape.power() > 1) {
      @Real double[] powers = x[0];
      for (int i = 0; i < y.length; i++) {
        powers[i] = y[i] * y[i];
      }
      for (int k = 2; k < shape.power(); k++) {
        for (int i = 0; i < y.length; i++) {
          powers[i] *= y[i];
        }
      }
    }
    if (shape.time() == MlpShape.Time.LAST_INPUT) {
      for (int l = 0; l < lanes; l++) {
        x[0][shape.dim() * stride + l] = (@Real double) t[l];
      }
    }
  }

  /** d ← d·∂x₀/∂y: times power·yᵖᵒʷᵉʳ⁻¹. */
  void timesInputSlope(@Real double[] d) {
    timesPower(d, shape.power(), shape.power() - 1);
  }

  /** d ← d·∂²x₀/∂y²: times power·(power − 1)·yᵖᵒʷᵉʳ⁻². */
  void timesInputCurvature(@Real double[] d) {
    timesPower(d, shape.power() * (shape.power() - 1), shape.power() - 2);
  }

  private void timesPower(@Real double[] d, int factor, int exponent) {
    int n = shape.dim() * stride;
    for (int i = 0; i < n && factor != 1; i++) {
      d[i] *= factor;
    }
    for (int k = 0; k < exponent; k++) {
      for (int i = 0; i < n; i++) {
        d[i] *= y[i];
      }
    }
  }

  /** Adds a cotangent of the input to those of y, {@code [dim][lanes]}, and t, {@code [lanes]}. */
  void addInputGradient(@Real double[] input, @Real double[] gradY, double[] gradT) {
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
}
