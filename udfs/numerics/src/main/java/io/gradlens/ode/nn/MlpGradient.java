package io.gradlens.ode.nn;

import io.gradlens.kernel.LaneKernel;
import io.gradlens.kernel.Real;

/**
 * The gradient with respect to θ of several evaluations, put off until it is one product a layer:
 * of the cotangents z that came to a layer and the inputs x that it had read.
 */
@Real
final class MlpGradient {
  private final MlpShape shape;
  private final LaneKernel kernel;
  private final int stride;
  private final int capacity;
  private final @Real double[][][] z;
  private final @Real double[][][] x;
  private int count;

  /**
   * Makes an empty one.
   *
   * @param stride from row to row of what it gets
   * @param capacity how many evaluations it takes
   */
  MlpGradient(Mlp net, int stride, int capacity) {
    shape = net.shape();
    kernel = net.kernel();
    this.stride = stride;
    this.capacity = capacity;
    z = new @Real double[shape.layers()][capacity][];
    x = new @Real double[shape.layers()][capacity][];
  }

  /** How many evaluations it holds. */
  int count() {
    return count;
  }

  boolean isFull() {
    return count == capacity;
  }

  /**
   * Takes an evaluation, which must not change before it is added to a gradient.
   *
   * @param cotangents {@code [layers][outputs][stride]}
   * @param inputs {@code [layers][inputs + 1][stride]}, the last row for the biases
   */
  void take(@Real double[][] cotangents, @Real double[][] inputs) {
    for (int l = 0; l < z.length; l++) {
      z[l][count] = cotangents[l];
      x[l][count] = inputs[l];
    }
    count++;
  }

  /** Adds the sum over lanes, {@code [p]}, and forgets the evaluations. */
  void addTo(double[] gradTheta) {
    for (int l = 0; l < z.length; l++) {
      int in = shape.inputs(l);
      int out = shape.outputs(l);
      kernel.addGradient(z[l], out, x[l], in, count, stride, gradTheta, shape.offset(l));
    }
    count = 0;
  }

  /** Adds it lane by lane, {@code [p][lanes]}, and forgets the evaluations. */
  void addLanesTo(@Real double[] gradTheta, int lanes) {
    for (int l = 0; l < z.length; l++) {
      int in = shape.inputs(l);
      int out = shape.outputs(l);
      int at = shape.offset(l) * lanes;
      kernel.addLaneGradient(z[l], out, x[l], in, count, stride, gradTheta, at, lanes);
    }
    count = 0;
  }
}
