package io.gradlens.ode.field;

import io.gradlens.kernel.Real;

/** {@link ClassicalSystems#LORENZ}. */
@Real
final class LorenzField extends ClassicalField {

  LorenzField(double[] theta) {
    super(3, theta);
  }

  @Override
  public void apply(double[] t, @Real double[] y, @Real double[] dydt) {
    int n = t.length;
    @Real double sigma = parameter(0);
    @Real double rho = parameter(1);
    @Real double beta = parameter(2);
    for (int l = 0; l < n; l++) {
      @Real double x = y[l];
      @Real double z = y[2 * n + l];
      dydt[l] = sigma * (y[n + l] - x);
      dydt[n + l] = x * (rho - z) - y[n + l];
      dydt[2 * n + l] = x * y[n + l] - beta * z;
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
    @Real double sigma = parameter(0);
    @Real double rho = parameter(1);
    @Real double beta = parameter(2);
    for (int l = 0; l < n; l++) {
      @Real double a = cotangent[l];
      @Real double b = cotangent[n + l];
      @Real double c = cotangent[2 * n + l];
      @Real double x = y[l];
      gradY[l] += b * (rho - y[2 * n + l]) + c * y[n + l] - sigma * a;
      gradY[n + l] += sigma * a - b + c * x;
      gradY[2 * n + l] -= b * x + beta * c;
    }
    if (gradTheta != null) {
      for (int l = 0; l < n; l++) {
        gradTheta[l] += cotangent[l] * (y[n + l] - y[l]);
        gradTheta[n + l] += cotangent[n + l] * y[l];
        gradTheta[2 * n + l] -= cotangent[2 * n + l] * y[2 * n + l];
      }
    }
  }
}
