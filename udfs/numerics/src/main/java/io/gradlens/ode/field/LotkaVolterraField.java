package io.gradlens.ode.field;

import io.gradlens.kernel.Real;

/** {@link ClassicalSystems#LOTKA_VOLTERRA}. */
@Real
final class LotkaVolterraField extends ClassicalField {

  LotkaVolterraField(double[] theta) {
    super(2, theta);
  }

  @Override
  public void apply(double[] t, @Real double[] y, @Real double[] dydt) {
    int n = t.length;
    @Real double alpha = parameter(0);
    @Real double beta = parameter(1);
    @Real double delta = parameter(2);
    @Real double gamma = parameter(3);
    for (int l = 0; l < n; l++) {
      @Real double prey = y[l];
      @Real double predators = y[n + l];
      dydt[l] = alpha * prey - beta * (prey * predators);
      dydt[n + l] = delta * (prey * predators) - gamma * predators;
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
    @Real double alpha = parameter(0);
    @Real double beta = parameter(1);
    @Real double delta = parameter(2);
    @Real double gamma = parameter(3);
    for (int l = 0; l < n; l++) {
      @Real double meeting = delta * cotangent[n + l] - beta * cotangent[l];
      gradY[l] += alpha * cotangent[l] + meeting * y[n + l];
      gradY[n + l] += meeting * y[l] - gamma * cotangent[n + l];
    }
    if (gradTheta != null) {
      for (int l = 0; l < n; l++) {
        @Real double both = y[l] * y[n + l];
        gradTheta[l] += cotangent[l] * y[l];
        gradTheta[n + l] -= cotangent[l] * both;
        gradTheta[2 * n + l] += cotangent[n + l] * both;
        gradTheta[3 * n + l] -= cotangent[n + l] * y[n + l];
      }
    }
  }
}
