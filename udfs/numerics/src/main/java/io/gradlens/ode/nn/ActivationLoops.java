package io.gradlens.ode.nn;

import io.gradlens.kernel.Real;
import java.util.Arrays;

/**
 * Activations and their derivatives over arrays, as loops that C2 vectorises (RELU's derivative and
 * SIN excepted).
 */
@Real
final class ActivationLoops {
  private ActivationLoops() {}

  /**
   * Computes a = σ(z).
   *
   * @param z {@code [n]}
   * @param a overwritten; may be z
   */
  static void apply(Activation activation, @Real double[] z, @Real double[] a, int n) {
    switch (activation) {
      case TANH -> {
        for (int i = 0; i < n; i++) {
          a[i] = Exponential.tanh(z[i]);
        }
      }
      case RELU -> {
        for (int i = 0; i < n; i++) {
          a[i] = Math.max(z[i], 0);
        }
      }
      case ELU -> {
        for (int i = 0; i < n; i++) {
          a[i] = Math.max(z[i], 0) + Exponential.expm1(Math.min(z[i], 0));
        }
      }
      case SOFTPLUS -> {
        for (int i = 0; i < n; i++) {
          @Real double u = 1 + Exponential.expm1(-Math.abs(z[i]));
          a[i] = Math.max(z[i], 0) + Exponential.log1p(u);
        }
      }
      case SIN -> {
        for (int i = 0; i < n; i++) {
          a[i] = (@Real double) Math.sin(z[i]);
        }
      }
      case IDENTITY -> System.arraycopy(z, 0, a, 0, n);
    }
  }

  /**
   * Computes d ← d·σ′.
   *
   * @param kept a = σ(z) {@code [n]}; z where the activation is SIN
   */
  static void timesSlope(Activation activation, @Real double[] kept, @Real double[] d, int n) {
    switch (activation) {
      case TANH -> {
        for (int i = 0; i < n; i++) {
          d[i] *= Math.fma(-kept[i], kept[i], 1);
        }
      }
      case RELU -> {
        for (int i = 0; i < n; i++) {
          d[i] = kept[i] > 0 ? d[i] : 0;
        }
      }
      case ELU -> {
        for (int i = 0; i < n; i++) {
          d[i] *= Math.min(kept[i], 0) + 1;
        }
      }
      case SOFTPLUS -> {
        for (int i = 0; i < n; i++) {
          d[i] *= -Exponential.expm1(-kept[i]);
        }
      }
      case SIN -> {
        for (int i = 0; i < n; i++) {
          d[i] *= (@Real double) Math.cos(kept[i]);
        }
      }
      case IDENTITY -> {}
    }
  }

  /**
   * Computes d ← d·σ″.
   *
   * @param kept a = σ(z) {@code [n]}; z where the activation is SIN
   */
  static void timesCurvature(Activation activation, @Real double[] kept, @Real double[] d, int n) {
    switch (activation) {
      case TANH -> {
        for (int i = 0; i < n; i++) {
          d[i] *= -2 * kept[i] * Math.fma(-kept[i], kept[i], 1);
        }
      }
      case ELU -> {
        for (int i = 0; i < n; i++) {
          d[i] = kept[i] < 0 ? d[i] * (kept[i] + 1) : 0;
        }
      }
      case SOFTPLUS -> {
        for (int i = 0; i < n; i++) {
          @Real double p = Exponential.expm1(-kept[i]);
          d[i] *= -p * (1 + p);
        }
      }
      case SIN -> {
        for (int i = 0; i < n; i++) {
          d[i] *= (@Real double) -Math.sin(kept[i]);
        }
      }
      case RELU, IDENTITY -> Arrays.fill(d, 0, n, 0);
    }
  }
}
