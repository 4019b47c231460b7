package io.gradlens.ode.field;

import io.gradlens.kernel.Real;

/** {@link ClassicalSystems#LORENZ}. */
@Real
final class LorenzField extends ClassicalField {

  LorenzField(double[] theta) {
    super(3, theta);
  }

  @Override
  void slopes(@Real double[][] state, @Real double[][] dydt, int n) {
    @Real double[] x = state[0];
    @Real double[] y = state[1];
    @Real double[] z = state[2];
    @Real double[] xSlope = dydt[0];
    @Real double[] ySlope = dydt[1];
    @Real double[] zSlope = dydt[2];
    @Real double sigma = parameter(0);
    @Real double rho = parameter(1);
    @Real double beta = parameter(2);
    for (int l = 0; l < n; l++) {
      xSlope[l] = sigma * (y[l] - x[l]);
      ySlope[l] = x[l] * (rho - z[l]) - y[l];
      zSlope[l] = x[l] * y[l] - beta * z[l];
    }
  }

  @Override
  void addStateGradient(
      @Real double[][] state, @Real double[][] cotangent, @Real double[][] gradState, int n) {
    @Real double[] x = state[0];
    @Real double[] y = state[1];
    @Real double[] z = state[2];
    @Real double[] a = cotangent[0];
    @Real double[] b = cotangent[1];
    @Real double[] c = cotangent[2];
    @Real double[] gradX = gradState[0];
    @Real double[] gradY = gradState[1];
    @Real double[] gradZ = gradState[2];
    @Real double sigma = parameter(0);
    @Real double rho = parameter(1);
    @Real double beta = parameter(2);
    for (int l = 0; l < n; l++) {
      gradX[l] += b[l] * (rho - z[l]) + c[l] * y[l] - sigma * a[l];
      gradY[l] += sigma * a[l] - b[l] + c[l] * x[l];
      gradZ[l] -= b[l] * x[l] + beta * c[l];
    }
  }

  @Override
  void addThetaGradient(
      @Real double[][] state, @Real double[][] cotangent, @Real double[][] gradTheta, int n) {
    @Real double[] x = state[0];
    @Real double[] y = state[1];
    @Real double[] z = state[2];
    @Real double[] a = cotangent[0];
    @Real double[] b = cotangent[1];
    @Real double[] c = cotangent[2];
    @Real double[] gradSigma = gradTheta[0];
    @Real double[] gradRho = gradTheta[1];
    @Real double[] gradBeta = gradTheta[2];
    for (int l = 0; l < n; l++) {
      gradSigma[l] += a[l] * (y[l] - x[l]);
      gradRho[l] += b[l] * x[l];
      gradBeta[l] -= c[l] * z[l];
    }
  }
}
