package io.gradlens.ode.field;

import io.gradlens.kernel.Real;

/** {@link ClassicalSystems#VAN_DER_POL}. */
@Real
final class VanDerPolField extends ClassicalField {

  VanDerPolField(double[] theta) {
    super(2, theta);
  }

  @Override
  void slopes(@Real double[][] y, @Real double[][] dydt, int n) {
    @Real double[] x = y[0];
    @Real double[] v = y[1];
    @Real double[] xSlope = dydt[0];
    @Real double[] vSlope = dydt[1];
    @Real double mu = parameter(0);
    for (int l = 0; l < n; l++) {
      xSlope[l] = v[l];
      vSlope[l] = mu * (1 - x[l] * x[l]) * v[l] - x[l];
    }
  }

  @Override
  void addStateGradient(
      @Real double[][] y, @Real double[][] cotangent, @Real double[][] gradY, int n) {
    @Real double[] x = y[0];
    @Real double[] v = y[1];
    @Real double[] a = cotangent[0];
    @Real double[] b = cotangent[1];
    @Real double[] gradX = gradY[0];
    @Real double[] gradV = gradY[1];
    @Real double mu = parameter(0);
    for (int l = 0; l < n; l++) {
      gradX[l] -= b[l] * (2 * mu * x[l] * v[l] + 1);
      gradV[l] += a[l] + b[l] * mu * (1 - x[l] * x[l]);
    }
  }

  @Override
  void addThetaGradient(
      @Real double[][] y, @Real double[][] cotangent, @Real double[][] gradTheta, int n) {
    @Real double[] x = y[0];
    @Real double[] v = y[1];
    @Real double[] b = cotangent[1];
    @Real double[] gradMu = gradTheta[0];
    for (int l = 0; l < n; l++) {
      gradMu[l] += b[l] * (1 - x[l] * x[l]) * v[l];
    }
  }
}
