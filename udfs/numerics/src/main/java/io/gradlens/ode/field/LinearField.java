package io.gradlens.ode.field;

import io.gradlens.kernel.Real;

/** {@link ClassicalSystems#LINEAR}. */
@Real
final class LinearField extends ClassicalField {

  LinearField(double[] theta) {
    super((int) Math.sqrt(theta.length), theta);
  }

  @Override
  void slopes(@Real double[][] y, @Real double[][] dydt, int n) {
    for (int i = 0; i < dim(); i++) {
      scale(parameter(i * dim()), y[0], dydt[i], n);
      for (int j = 1; j < dim(); j++) {
        addScaled(parameter(i * dim() + j), y[j], dydt[i], n);
      }
    }
  }

  @Override
  void addStateGradient(
      @Real double[][] y, @Real double[][] cotangent, @Real double[][] gradY, int n) {
    for (int i = 0; i < dim(); i++) {
      for (int j = 0; j < dim(); j++) {
        addScaled(parameter(i * dim() + j), cotangent[i], gradY[j], n);
      }
    }
  }

  @Override
  void addThetaGradient(
      @Real double[][] y, @Real double[][] cotangent, @Real double[][] gradTheta, int n) {
    for (int p = 0; p < params(); p++) {
      addProducts(cotangent[p / dim()], y[p % dim()], gradTheta[p], n);
    }
  }

  private static void scale(@Real double a, @Real double[] x, @Real double[] product, int n) {
    for (int l = 0; l < n; l++) {
      product[l] = a * x[l];
    }
  }

  private static void addScaled(@Real double a, @Real double[] x, @Real double[] sum, int n) {
    for (int l = 0; l < n; l++) {
      sum[l] += a * x[l];
    }
  }

  private static void addProducts(@Real double[] a, @Real double[] x, @Real double[] sum, int n) {
    for (int l = 0; l < n; l++) {
      sum[l] += a[l] * x[l];
    }
  }
}
