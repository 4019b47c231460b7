package io.gradlens.ode.field;

import io.gradlens.kernel.Real;

/** {@link ClassicalSystems#FITZHUGH_NAGUMO}. */
@Real
final class FitzHughNagumoField extends ClassicalField {

  FitzHughNagumoField(double[] theta) {
    super(2, theta);
  }

  @Override
  void slopes(@Real double[][] y, @Real double[][] dydt, int n) {
    @Real double[] v = y[0];
    @Real double[] w = y[1];
    @Real double[] vSlope = dydt[0];
    @Real double[] wSlope = dydt[1];
    @Real double a = parameter(0);
    @Real double b = parameter(1);
    @Real double tau = parameter(2);
    @Real double current = parameter(3);
    for (int l = 0; l < n; l++) {
      vSlope[l] = v[l] - v[l] * v[l] * v[l] / 3 - w[l] + current;
      wSlope[l] = (v[l] + a - b * w[l]) / tau;
    }
  }

  @Override
  void addStateGradient(
      @Real double[][] y, @Real double[][] cotangent, @Real double[][] gradY, int n) {
    @Real double[] v = y[0];
    @Real double[] fast = cotangent[0];
    @Real double[] recovery = cotangent[1];
    @Real double[] gradV = gradY[0];
    @Real double[] gradW = gradY[1];
    @Real double b = parameter(1);
    @Real double tau = parameter(2);
    for (int l = 0; l < n; l++) {
      @Real double slow = recovery[l] / tau;
      gradV[l] += fast[l] * (1 - v[l] * v[l]) + slow;
      gradW[l] -= fast[l] + b * slow;
    }
  }

  @Override
  void addThetaGradient(
      @Real double[][] y, @Real double[][] cotangent, @Real double[][] gradTheta, int n) {
    @Real double[] v = y[0];
    @Real double[] w = y[1];
    @Real double[] fast = cotangent[0];
    @Real double[] recovery = cotangent[1];
    @Real double[] gradA = gradTheta[0];
    @Real double[] gradB = gradTheta[1];
    @Real double[] gradTau = gradTheta[2];
    @Real double[] gradCurrent = gradTheta[3];
    @Real double a = parameter(0);
    @Real double b = parameter(1);
    @Real double tau = parameter(2);
    for (int l = 0; l < n; l++) {
      @Real double slow = recovery[l] / tau;
      gradA[l] += slow;
      gradB[l] -= slow * w[l];
      gradTau[l] -= slow * ((v[l] + a - b * w[l]) / tau);
      gradCurrent[l] += fast[l];
    }
  }
}
