package io.gradlens.ode.field;

import io.gradlens.kernel.Real;

/** {@link ClassicalSystems#SIR}. */
@Real
final class SirField extends ClassicalField {

  SirField(double[] theta) {
    super(3, theta);
  }

  @Override
  public void apply(double[] t, @Real double[] y, @Real double[] dydt) {
    int n = t.length;
    @Real double beta = parameter(0);
    @Real double gamma = parameter(1);
    for (int l = 0; l < n; l++) {
      @Real double infections = beta * y[l] * y[n + l];
      @Real double recoveries = gamma * y[n + l];
      dydt[l] = -infections;
      dydt[n + l] = infections - recoveries;
      dydt[2 * n + l] = recoveries;
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
    @Real double beta = parameter(0);
    @Real double gamma = parameter(1);
    for (int l = 0; l < n; l++) {
      @Real double infection = cotangent[n + l] - cotangent[l];
      @Real double recovery = cotangent[2 * n + l] - cotangent[n + l];
      gradY[l] += beta * y[n + l] * infection;
      gradY[n + l] += beta * y[l] * infection + gamma * recovery;
    }
    if (gradTheta != null) {
      for (int l = 0; l < n; l++) {
        gradTheta[l] += y[l] * y[n + l] * (cotangent[n + l] - cotangent[l]);
        gradTheta[n + l] += y[n + l] * (cotangent[2 * n + l] - cotangent[n + l]);
      }
    }
  }

  /** Those removed. */
  @Override
  public int quadratures() {
    return 1;
  }
}
