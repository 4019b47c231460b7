package io.gradlens.ode.field;

import io.gradlens.kernel.Real;
import io.gradlens.ode.DifferentiableField;

/**
 * What the {@link ClassicalSystems} share: a size, parameters, and rows of lanes for their loops.
 */
@Real
abstract class ClassicalField implements DifferentiableField {
  private final int dim;
  private final double[] theta;
  private final LaneRows states;
  private final LaneRows slopes;
  private final LaneRows cotangents;
  private final LaneRows thetaGradients;

  ClassicalField(int dim, double[] theta) {
    this.dim = dim;
    this.theta = theta.clone();
    states = new LaneRows(dim);
    slopes = new LaneRows(dim);
    cotangents = new LaneRows(dim);
    thetaGradients = new LaneRows(theta.length);
  }

  /** A parameter in the precision of the state. */
  final @Real double parameter(int i) {
    return (@Real double) theta[i];
  }

  /**
   * Computes f.
   *
   * @param y rows of lanes
   * @param dydt overwritten, likewise
   * @param n lanes
   */
  abstract void slopes(@Real double[][] y, @Real double[][] dydt, int n);

  /** Adds aᵀ∂f/∂y, with rows of lanes as in {@link #slopes}. */
  abstract void addStateGradient(
      @Real double[][] y, @Real double[][] cotangent, @Real double[][] gradY, int n);

  /** Adds aᵀ∂f/∂θ, a row of lanes for each parameter. */
  abstract void addThetaGradient(
      @Real double[][] y, @Real double[][] cotangent, @Real double[][] gradTheta, int n);

  @Override
  public final int dim() {
    return dim;
  }

  @Override
  public final int params() {
    return theta.length;
  }

  @Override
  public final double[] theta() {
    return theta.clone();
  }

  @Override
  public final void setTheta(double[] values) {
    if (values.length != theta.length) {
      throw new IllegalArgumentException(
          "Cannot set %d parameters: the field has %d.".formatted(values.length, theta.length));
    }
    System.arraycopy(values, 0, theta, 0, theta.length);
  }

  @Override
  public final void apply(double[] t, @Real double[] y, @Real double[] dydt) {
    int n = t.length;
    slopes(states.load(y, n), slopes.ofLength(n), n);
    slopes.store(dydt, n);
  }

  @Override
  public final void vjp(
      double[] t,
      @Real double[] y,
      @Real double[] cotangent,
      @Real double[] gradY,
      @Real double[] gradTheta,
      double[] gradT) {
    int n = t.length;
    @Real double[][] at = states.load(y, n);
    @Real double[][] a = cotangents.load(cotangent, n);
    addStateGradient(at, a, slopes.load(gradY, n), n);
    slopes.store(gradY, n);
    if (gradTheta != null) {
      addThetaGradient(at, a, thetaGradients.load(gradTheta, n), n);
      thetaGradients.store(gradTheta, n);
    }
  }
}
