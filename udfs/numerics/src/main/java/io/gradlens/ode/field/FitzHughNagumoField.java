package io.gradlens.ode.field;

import io.gradlens.kernel.Real;

/** {@link ClassicalSystems#FITZHUGH_NAGUMO}. */
@Real
final class FitzHughNagumoField extends ClassicalField {

  FitzHughNagumoField(double[] theta) {
    super(2, theta);
  }

  @Override
  public void apply(double[] t, @Real double[] y, @Real double[] dydt) {
    int n = t.length;
    @Real double a = parameter(0);
    @Real double b = parameter(1);
    @Real double tau = parameter(2);
    @Real double current = parameter(3);
    for (int l = 0; l < n; l++) {
      @Real double v = y[l];
      @Real double w = y[n + l];
      dydt[l] = v - v * v * v / 3 - w + current;
      dydt[n + l] = (v + a - b * w) / tau;
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
    @Real double a = parameter(0);
    @Real double b = parameter(1);
    @Real double tau = parameter(2);
    for (int l = 0; l < n; l++) {
      @Real double slow = cotangent[n + l] / tau;
      gradY[l] += cotangent[l] * (1 - y[l] * y[l]) + slow;
      gradY[n + l] -= cotangent[l] + b * slow;
    }
    if (gradTheta != null) {
      for (int l = 0; l < n; l++) {
        @Real double slow = cotangent[n + l] / tau;
        gradTheta[l] += slow;
        gradTheta[n + l] -= slow * y[n + l];
        gradTheta[2 * n + l] -= slow * ((y[l] + a - b * y[n + l]) / tau);
        gradTheta[3 * n + l] += cotangent[l];
      }
    }
  }
}
