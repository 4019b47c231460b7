package io.gradlens.ode.field;

import io.gradlens.kernel.Real;

/** {@link ClassicalSystems#ROBERTSON}. */
@Real
final class RobertsonField extends ClassicalField {

  RobertsonField(double[] theta) {
    super(3, theta);
  }

  @Override
  void slopes(@Real double[][] y, @Real double[][] dydt, int n) {
    @Real double[] a = y[0];
    @Real double[] b = y[1];
    @Real double[] c = y[2];
    @Real double[] aSlope = dydt[0];
    @Real double[] bSlope = dydt[1];
    @Real double[] cSlope = dydt[2];
    @Real double k1 = parameter(0);
    @Real double k2 = parameter(1);
    @Real double k3 = parameter(2);
    for (int l = 0; l < n; l++) {
      @Real double slow = k1 * a[l];
      @Real double fast = k2 * b[l] * b[l];
      @Real double back = k3 * b[l] * c[l];
      aSlope[l] = back - slow;
      bSlope[l] = slow - back - fast;
      cSlope[l] = fast;
    }
  }

  @Override
  void addStateGradient(
      @Real double[][] y, @Real double[][] cotangent, @Real double[][] gradY, int n) {
    @Real double[] b = y[1];
    @Real double[] c = y[2];
    @Real double[] u = cotangent[0];
    @Real double[] v = cotangent[1];
    @Real double[] w = cotangent[2];
    @Real double[] gradA = gradY[0];
    @Real double[] gradB = gradY[1];
    @Real double[] gradC = gradY[2];
    @Real double k1 = parameter(0);
    @Real double k2 = parameter(1);
    @Real double k3 = parameter(2);
    for (int l = 0; l < n; l++) {
      @Real double forth = v[l] - u[l];
      @Real double fast = w[l] - v[l];
      gradA[l] += k1 * forth;
      gradB[l] += 2 * k2 * b[l] * fast - k3 * c[l] * forth;
      gradC[l] -= k3 * b[l] * forth;
    }
  }

  @Override
  void addThetaGradient(
      @Real double[][] y, @Real double[][] cotangent, @Real double[][] gradTheta, int n) {
    @Real double[] a = y[0];
    @Real double[] b = y[1];
    @Real double[] c = y[2];
    @Real double[] u = cotangent[0];
    @Real double[] v = cotangent[1];
    @Real double[] w = cotangent[2];
    @Real double[] gradK1 = gradTheta[0];
    @Real double[] gradK2 = gradTheta[1];
    @Real double[] gradK3 = gradTheta[2];
    for (int l = 0; l < n; l++) {
      @Real double forth = v[l] - u[l];
      gradK1[l] += a[l] * forth;
      gradK2[l] += b[l] * b[l] * (w[l] - v[l]);
      gradK3[l] -= b[l] * c[l] * forth;
    }
  }
}
