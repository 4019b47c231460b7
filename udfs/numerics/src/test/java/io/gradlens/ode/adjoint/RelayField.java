package io.gradlens.ode.adjoint;

import io.gradlens.ode.DifferentiableField;

/** dy/dt = s − ay, where s is b before a time and c from it on; θ = (a, b, c). */
final class RelayField implements DifferentiableField {
  private final double jump;
  private double[] theta = {.7, 1, -2};

  RelayField(double jump) {
    this.jump = jump;
  }

  @Override
  public int dim() {
    return 1;
  }

  @Override
  public int params() {
    return 3;
  }

  @Override
  public double[] theta() {
    return theta.clone();
  }

  @Override
  public void setTheta(double[] values) {
    theta = values.clone();
  }

  @Override
  public void apply(double[] t, double[] y, double[] dydt) {
    for (int l = 0; l < t.length; l++) {
      dydt[l] = (t[l] < jump ? theta[1] : theta[2]) - theta[0] * y[l];
    }
  }

  @Override
  public void vjp(
      double[] t,
      double[] y,
      double[] cotangent,
      double[] gradY,
      double[] gradTheta,
      double[] gradT) {
    int n = t.length;
    for (int l = 0; l < n; l++) {
      gradY[l] -= theta[0] * cotangent[l];
      if (gradTheta != null) {
        gradTheta[l] -= y[l] * cotangent[l];
        gradTheta[(t[l] < jump ? n : 2 * n) + l] += cotangent[l];
      }
    }
  }

  /** The solution at t from y₀ at t₀. */
  static double solution(double[] theta, double jump, double t0, double y0, double t) {
    boolean isBefore = t0 < jump || t0 == jump && t < jump;
    double s = isBefore ? theta[1] : theta[2];
    boolean isAcross = (jump - t0) * (t - jump) > 0;
    double middle = isAcross ? jump : t;
    double y = s / theta[0] + (y0 - s / theta[0]) * Math.exp(-theta[0] * (middle - t0));
    if (isAcross) {
      double other = isBefore ? theta[2] : theta[1];
      y = other / theta[0] + (y - other / theta[0]) * Math.exp(-theta[0] * (t - jump));
    }
    return y;
  }
}
