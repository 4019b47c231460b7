package io.gradlens.ode.field;

import io.gradlens.kernel.Real;

/** {@link ClassicalSystems#LOTKA_VOLTERRA}. */
@Real
final class LotkaVolterraField extends ClassicalField {

  LotkaVolterraField(double[] theta) {
    super(2, theta);
  }

  @Override
  void slopes(@Real double[][] y, @Real double[][] dydt, int n) {
    @Real double[] prey = y[0];
    @Real double[] predators = y[1];
    @Real double[] preySlope = dydt[0];
    @Real double[] predatorSlope = dydt[1];
    @Real double alpha = parameter(0);
    @Real double beta = parameter(1);
    @Real double delta = parameter(2);
    @Real double gamma = parameter(3);
    for (int l = 0; l < n; l++) {
      preySlope[l] = alpha * prey[l] - beta * (prey[l] * predators[l]);
      predatorSlope[l] = delta * (prey[l] * predators[l]) - gamma * predators[l];
    }
  }

  @Override
  void addStateGradient(
      @Real double[][] y, @Real double[][] cotangent, @Real double[][] gradY, int n) {
    @Real double[] prey = y[0];
    @Real double[] predators = y[1];
    @Real double[] a = cotangent[0];
    @Real double[] b = cotangent[1];
    @Real double[] gradPrey = gradY[0];
    @Real double[] gradPredators = gradY[1];
    @Real double alpha = parameter(0);
    @Real double beta = parameter(1);
    @Real double delta = parameter(2);
    @Real double gamma = parameter(3);
    for (int l = 0; l < n; l++) {
      @Real double meeting = delta * b[l] - beta * a[l];
      gradPrey[l] += alpha * a[l] + meeting * predators[l];
      gradPredators[l] += meeting * prey[l] - gamma * b[l];
    }
  }

  @Override
  void addThetaGradient(
      @Real double[][] y, @Real double[][] cotangent, @Real double[][] gradTheta, int n) {
    @Real double[] prey = y[0];
    @Real double[] predators = y[1];
    @Real double[] a = cotangent[0];
    @Real double[] b = cotangent[1];
    @Real double[] gradAlpha = gradTheta[0];
    @Real double[] gradBeta = gradTheta[1];
    @Real double[] gradDelta = gradTheta[2];
    @Real double[] gradGamma = gradTheta[3];
    for (int l = 0; l < n; l++) {
      @Real double both = prey[l] * predators[l];
      gradAlpha[l] += a[l] * prey[l];
      gradBeta[l] -= a[l] * both;
      gradDelta[l] += b[l] * both;
      gradGamma[l] -= b[l] * predators[l];
    }
  }
}
