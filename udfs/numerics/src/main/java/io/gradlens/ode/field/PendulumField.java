package io.gradlens.ode.field;

import io.gradlens.kernel.Real;

/** {@link ClassicalSystems#PENDULUM}. */
@Real
final class PendulumField extends ClassicalField {

  PendulumField(double[] theta) {
    super(2, theta);
  }

  @Override
  void slopes(@Real double[][] y, @Real double[][] dydt, int n) {
    @Real double[] angle = y[0];
    @Real double[] velocity = y[1];
    @Real double[] angleSlope = dydt[0];
    @Real double[] velocitySlope = dydt[1];
    @Real double pull = parameter(0);
    @Real double damping = parameter(1);
    for (int l = 0; l < n; l++) {
      angleSlope[l] = velocity[l];
      velocitySlope[l] = -pull * (@Real double) Math.sin(angle[l]) - damping * velocity[l];
    }
  }

  @Override
  void addStateGradient(
      @Real double[][] y, @Real double[][] cotangent, @Real double[][] gradY, int n) {
    @Real double[] angle = y[0];
    @Real double[] a = cotangent[0];
    @Real double[] b = cotangent[1];
    @Real double[] gradAngle = gradY[0];
    @Real double[] gradVelocity = gradY[1];
    @Real double pull = parameter(0);
    @Real double damping = parameter(1);
    for (int l = 0; l < n; l++) {
      gradAngle[l] -= b[l] * pull * (@Real double) Math.cos(angle[l]);
      gradVelocity[l] += a[l] - damping * b[l];
    }
  }

  @Override
  void addThetaGradient(
      @Real double[][] y, @Real double[][] cotangent, @Real double[][] gradTheta, int n) {
    @Real double[] angle = y[0];
    @Real double[] velocity = y[1];
    @Real double[] b = cotangent[1];
    @Real double[] gradPull = gradTheta[0];
    @Real double[] gradDamping = gradTheta[1];
    for (int l = 0; l < n; l++) {
      gradPull[l] -= b[l] * (@Real double) Math.sin(angle[l]);
      gradDamping[l] -= b[l] * velocity[l];
    }
  }
}
