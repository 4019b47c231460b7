package io.gradlens.ode.field;

import io.gradlens.kernel.Real;

/** {@link ClassicalSystems#VAN_DER_POL}. */
@Real
final class VanDerPolField extends ClassicalField {

  VanDerPolField(double[] theta) {
    super(2, theta);
  }

  @Override
  public void apply(double[] t, @Real double[] y, @Real double[] dydt) {
    int n = t.length;
    @Real double mu = parameter(0);
    for (int l = 0; l < n; l++) {
      dydt[l] = y[n + l];
      dydt[n + l] = mu * (1 - y[l] * y[l]) * y[n + l] - y[l];
    }
  }

  @Override
  public void vjp(
      double[] t,
      @Real double[] y,
      @Real double[] cotangent,
      @Real double[] gradY,
      @Real double[] gradTheta,
      double[] gradT) {
    int n = t.length;
    @Real double mu = parameter(0);
    for (int l = 0; l < n; l++) {
      @Real double a = cotangent[n + l];
      gradY[l] -= a * (2 * mu * y[l] * y[n + l] + 1);
      gradY[n + l] += cotangent[l] + a * mu * (1 - y[l] * y[l]);
    }
    if (gradTheta != null) {
      for (int l = 0; l < n; l++) {
        gradTheta[l] += cotangent[n + l] * (1 - y[l] * y[l]) * y[n + l];
      }
    }
  }
}
