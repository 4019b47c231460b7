package io.gradlens.ode.adjoint;

import io.gradlens.kernel.Real;
import java.util.Arrays;

/** {@link Cost#kineticEnergy}. */
@Real
final class KineticEnergy implements Cost {
  private final int components;

  KineticEnergy(int components) {
    this.components = components;
  }

  @Override
  public void value(double[] t, @Real double[] y, @Real double[] slopes, @Real double[] cost) {
    int n = t.length;
    Arrays.fill(cost, 0, n, 0);
    for (int at = 0; at < components * n; at += n) {
      for (int l = 0; l < n; l++) {
        cost[l] += slopes[at + l] * slopes[at + l];
      }
    }
  }

  @Override
  public void vjp(
      double[] t,
      @Real double[] y,
      @Real double[] slopes,
      @Real double[] cotangent,
      @Real double[] gradY,
      @Real double[] gradSlopes,
      double[] gradT) {
    int n = t.length;
    for (int at = 0; at < components * n; at += n) {
      for (int l = 0; l < n; l++) {
        gradSlopes[at + l] += 2 * cotangent[l] * slopes[at + l];
      }
    }
  }
}
