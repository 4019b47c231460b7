package io.gradlens.ode.field;

import io.gradlens.kernel.Real;

/** {@link ClassicalSystems#LINEAR}. */
@Real
final class LinearField extends ClassicalField {

  LinearField(double[] theta) {
    super((int) Math.sqrt(theta.length), theta);
  }

  @Override
  public void apply(double[] t, @Real double[] y, @Real double[] dydt) {
    int n = t.length;
    for (int i = 0; i < dim(); i++) {
      @Real double first = parameter(i * dim());
      for (int l = 0; l < n; l++) {
        dydt[i * n + l] = first * y[l];
      }
      for (int j = 1; j < dim(); j++) {
        addScaled(parameter(i * dim() + j), y, j, dydt, i, n);
      }
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
    for (int i = 0; i < dim(); i++) {
      for (int j = 0; j < dim(); j++) {
        addScaled(parameter(i * dim() + j), cotangent, i, gradY, j, n);
      }
    }
    if (gradTheta != null) {
      for (int p = 0; p < params(); p++) {
        int i = p / dim();
        int j = p % dim();
        for (int l = 0; l < n; l++) {
          gradTheta[p * n + l] += cotangent[i * n + l] * y[j * n + l];
        }
      }
    }
  }

  /** Adds a times a row of x to a row of sum. */
  private static void addScaled(
      @Real double a, @Real double[] x, int row, @Real double[] sum, int sumRow, int n) {
    for (int l = 0; l < n; l++) {
      sum[sumRow * n + l] += a * x[row * n + l];
    }
  }
}
