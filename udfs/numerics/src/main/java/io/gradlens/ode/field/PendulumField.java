package io.gradlens.ode.field;

import io.gradlens.kernel.Real;

/** {@link ClassicalSystems#PENDULUM}. */
@Real
final class PendulumField extends ClassicalField {

  PendulumField(double[] theta) {
    super(2, theta);
  }

  @Override
  public void apply(double[] t, @Real double[] y, @Real double[] dydt) {
    int n = t.length;
    @Real double pull = parameter(0);
    @Real double damping = parameter(1);
    for (int l = 0; l < n; l++) {
      dydt[l] = y[n + l];
      dydt[n + l] = -pull * (@Real double) Math.sin(y[l]) - damping * y[n + l];
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
    @Real double pull = parameter(0);
    @Real double damping = parameter(1);
    for (int l = 0; l < n; l++) {
      gradY[l] -= cotangent[n + l] * pull * (@Real double) Math.cos(y[l]);
      gradY[n + l] += cotangent[l] - damping * cotangent[n + l];
    }
    if (gradTheta != null) {
      for (int l = 0; l < n; l++) {
        gradTheta[l] -= cotangent[n + l] * (@Real double) Math.sin(y[l]);
        gradTheta[n + l] -= cotangent[n + l] * y[n + l];
      }
    }
  }
}
