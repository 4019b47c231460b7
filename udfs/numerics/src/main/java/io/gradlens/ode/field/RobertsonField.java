package io.gradlens.ode.field;

import io.gradlens.kernel.Real;

/** {@link ClassicalSystems#ROBERTSON}. */
@Real
final class RobertsonField extends ClassicalField {

  RobertsonField(double[] theta) {
    super(3, theta);
  }

  @Override
  public void apply(double[] t, @Real double[] y, @Real double[] dydt) {
    int n = t.length;
    @Real double k1 = parameter(0);
    @Real double k2 = parameter(1);
    @Real double k3 = parameter(2);
    for (int l = 0; l < n; l++) {
      @Real double b = y[n + l];
      @Real double slow = k1 * y[l];
      @Real double fast = k2 * b * b;
      @Real double back = k3 * b * y[2 * n + l];
      dydt[l] = back - slow;
      dydt[n + l] = slow - back - fast;
      dydt[2 * n + l] = fast;
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
    @Real double k1 = parameter(0);
    @Real double k2 = parameter(1);
    @Real double k3 = parameter(2);
    for (int l = 0; l < n; l++) {
      @Real double forth = cotangent[n + l] - cotangent[l];
      @Real double fast = cotangent[2 * n + l] - cotangent[n + l];
      @Real double b = y[n + l];
      gradY[l] += k1 * forth;
      gradY[n + l] += 2 * k2 * b * fast - k3 * y[2 * n + l] * forth;
      gradY[2 * n + l] -= k3 * b * forth;
    }
    if (gradTheta != null) {
      for (int l = 0; l < n; l++) {
        @Real double forth = cotangent[n + l] - cotangent[l];
        @Real double b = y[n + l];
        gradTheta[l] += y[l] * forth;
        gradTheta[n + l] += b * b * (cotangent[2 * n + l] - cotangent[n + l]);
        gradTheta[2 * n + l] -= b * y[2 * n + l] * forth;
      }
    }
  }
}
