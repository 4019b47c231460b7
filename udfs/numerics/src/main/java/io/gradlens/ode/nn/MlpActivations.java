package io.gradlens.ode.nn;

import io.gradlens.kernel.LaneKernel;
import io.gradlens.ode.Real;
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
  private final @Real double[] dydt;

  MlpActivations(Mlp net, int lanes) {
    this.net = net;
    this.lanes = lanes;
    stride = LaneKernel.stride(lanes);
    MlpShape shape = net.shape();
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
    Activation activation = net.shape().activation();
    int last = x.length - 1;
    for (int l = 0; l < last; l++) {
      net.affine(l, x[l], stride, kept[l], stride, stride);
      ActivationLoops.apply(activation, kept[l], x[l + 1], net.shape().outputs(l) * stride);
    }
    if (to == null) {
      return;
    }
    if (dydt == null) {
      net.affine(last, x[last], stride, to, lanes, lanes);
    } else {
      net.affine(last, x[last], stride, dydt, stride, stride);
      for (int d = 0; d < net.dim(); d++) {
        System.arraycopy(dydt, d * stride, to, d * lanes, lanes);
      }
    }
  }

  private void readInput(double[] t, @Real double[] from) {
    MlpShape shape = net.shape();
    for (int d = 0; d < shape.dim(); d++) {
      System.arraycopy(from, d * lanes, y, d * stride, lanes);
    }
    if (shape.power() > 1) {
      @Real double[] powers = x[0];
      System.arraycopy(y, 0, powers, 0, y.length);
      for (int k = 1; k < shape.power(); k++) {
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
}
