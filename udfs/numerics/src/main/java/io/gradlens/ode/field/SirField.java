package io.gradlens.ode.field;

import io.gradlens.kernel.Real;

/** {@link ClassicalSystems#SIR}. */
@Real
final class SirField extends ClassicalField {

  SirField(double[] theta) {
    super(3, theta);
  }

  @Override
  void slopes(@Real double[][] y, @Real double[][] dydt, int n) {
    @Real double[] s = y[0];
    @Real double[] i = y[1];
    @Real double[] sSlope = dydt[0];
    @Real double[] iSlope = dydt[1];
    @Real double[] rSlope = dydt[2];
    @Real double beta = parameter(0);
    @Real double gamma = parameter(1);
    for (int l = 0; l < n; l++) {
      @Real double infections = beta * s[l] * i[l];
      @Real double recoveries = gamma * i[l];
      sSlope[l] = -infections;
      iSlope[l] = infections - recoveries;
      rSlope[l] = recoveries;
    }
  }

  @Override
  void addStateGradient(
      @Real double[][] y, @Real double[][] cotangent, @Real double[][] gradY, int n) {
    @Real double[] s = y[0];
    @Real double[] i = y[1];
    @Real double[] a = cotangent[0];
    @Real double[] b = cotangent[1];
    @Real double[] c = cotangent[2];
    @Real double[] gradS = gradY[0];
    @Real double[] gradI = gradY[1];
    @Real double beta = parameter(0);
    @Real double gamma = parameter(1);
    for (int l = 0; l < n; l++) {
      @Real double infection = b[l] - a[l];
      @Real double recovery = c[l] - b[l];
      gradS[l] += beta * i[l] * infection;
      gradI[l] += beta * s[l] * infection + gamma * recovery;
    }
  }

  @Override
  void addThetaGradient(
      @Real double[][] y, @Real double[][] cotangent, @Real double[][] gradTheta, int n) {
    @Real double[] s = y[0];
    @Real double[] i = y[1];
    @Real double[] a = cotangent[0];
    @Real double[] b = cotangent[1];
    @Real double[] c = cotangent[2];
    @Real double[] gradBeta = gradTheta[0];
    @Real double[] gradGamma = gradTheta[1];
    for (int l = 0; l < n; l++) {
      gradBeta[l] += s[l] * i[l] * (b[l] - a[l]);
      gradGamma[l] += i[l] * (c[l] - b[l]);
    }
  }

  /** Those removed. */
  @Override
  public int quadratures() {
    return 1;
  }
}
