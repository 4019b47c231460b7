package io.gradlens.ode.nn;

import io.gradlens.kernel.Real;

/**
 * Activations and their derivatives over arrays, as loops that C2 vectorises (RELU's derivative and
 * SIN excepted).
 *
 * <p>tanh and those that need an exponential rest on eˣ − 1 at |x| ≤ 39 (float: 19): a polynomial
 * at x/2ᵏ, then k times p ← p(p + 2), which is e²ˣ − 1 from eˣ − 1 and loses nothing near 0.
 */
@Real
final class ActivationLoops {
  private static final boolean SINGLE = (@Real double) 0.1 != 0.1;

  /** Beyond it, 1 ± e⁻ˣ rounds to 1. */
  private static final @Real double RANGE = SINGLE ? (@Real double) 18.2 : (@Real double) 38.2;

  private static final @Real double SCALE = SINGLE ? (@Real double) 0x1p-5 : (@Real double) 0x1p-6;

  private ActivationLoops() {}

  /**
   * Computes a = σ(z).
   *
   * @param z {@code [n]}
   * @param a overwritten; may be z
   */
  static void apply(Activation activation, @Real double[] z, @Real double[] a, int n) {
    switch (activation) {
      case TANH -> tanh(z, a, n);
      case RELU -> {
        for (int i = 0; i < n; i++) {
          a[i] = Math.max(z[i], 0);
        }
      }
      case ELU -> {
        for (int i = 0; i < n; i++) {
          a[i] = Math.max(z[i], 0) + expm1(Math.max(-RANGE, Math.min(z[i], 0)));
        }
      }
      case SOFTPLUS -> {
        for (int i = 0; i < n; i++) {
          @Real double u = 1 + expm1(Math.max(-RANGE, -Math.abs(z[i])));
          a[i] = Math.max(z[i], 0) + log1p(u);
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

  /** tanh z = −p/(2 + p) with p = e⁻²ᶻ − 1. */
  private static void tanh(@Real double[] z, @Real double[] a, int n) {
    for (int i = 0; i < n; i++) {
      @Real double p = expm1(Math.max(-RANGE, Math.min(-2 * z[i], RANGE)));
      a[i] = -p / (2 + p);
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
          d[i] *= -expm1(Math.max(-RANGE, -kept[i]));
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

  /** eˣ − 1 for |x| ≤ {@link #RANGE}. */
  private static @Real double expm1(@Real double x) {
    @Real double y = x * SCALE;
    @Real double p;
    if (SINGLE) {
      p = (@Real double) (1.0 / 5040);
      p = Math.fma(p, y, (@Real double) (1.0 / 720));
      p = Math.fma(p, y, (@Real double) (1.0 / 120));
      p = Math.fma(p, y, (@Real double) (1.0 / 24));
      p = Math.fma(p, y, (@Real double) (1.0 / 6));
      p = Math.fma(p, y, (@Real double) 0.5);
      p = Math.fma(y * y, p, y);
    } else {
      p = (@Real double) (1.0 / 1307674368000.0);
      p = Math.fma(p, y, (@Real double) (1.0 / 87178291200.0));
      p = Math.fma(p, y, (@Real double) (1.0 / 6227020800.0));
      p = Math.fma(p, y, (@Real double) (1.0 / 479001600));
      p = Math.fma(p, y, (@Real double) (1.0 / 39916800));
      p = Math.fma(p, y, (@Real double) (1.0 / 3628800));
      p = Math.fma(p, y, (@Real double) (1.0 / 362880));
      p = Math.fma(p, y, (@Real double) (1.0 / 40320));
      p = Math.fma(p, y, (@Real double) (1.0 / 5040));
      p = Math.fma(p, y, (@Real double) (1.0 / 720));
      p = Math.fma(p, y, (@Real double) (1.0 / 120));
      p = Math.fma(p, y, (@Real double) (1.0 / 24));
      p = Math.fma(p, y, (@Real double) (1.0 / 6));
      p = Math.fma(p, y, (@Real double) 0.5);
      p = Math.fma(y * y, p, y);
      p = Math.fma(p, p, p + p);
    }
    p = Math.fma(p, p, p + p);
    p = Math.fma(p, p, p + p);
    p = Math.fma(p, p, p + p);
    p = Math.fma(p, p, p + p);
    return Math.fma(p, p, p + p);
  }

  /** ln(1 + u) = 2 artanh s with s = u/(2 + u), for 0 ≤ u ≤ 1. */
  private static @Real double log1p(@Real double u) {
    @Real double s = u / (2 + u);
    @Real double x = s * s;
    @Real double p;
    if (SINGLE) {
      p = (@Real double) (1.0 / 13);
    } else {
      p = (@Real double) (1.0 / 33);
      p = Math.fma(p, x, (@Real double) (1.0 / 31));
      p = Math.fma(p, x, (@Real double) (1.0 / 29));
      p = Math.fma(p, x, (@Real double) (1.0 / 27));
      p = Math.fma(p, x, (@Real double) (1.0 / 25));
      p = Math.fma(p, x, (@Real double) (1.0 / 23));
      p = Math.fma(p, x, (@Real double) (1.0 / 21));
      p = Math.fma(p, x, (@Real double) (1.0 / 19));
      p = Math.fma(p, x, (@Real double) (1.0 / 17));
      p = Math.fma(p, x, (@Real double) (1.0 / 15));
      p = Math.fma(p, x, (@Real double) (1.0 / 13));
    }
    p = Math.fma(p, x, (@Real double) (1.0 / 11));
    p = Math.fma(p, x, (@Real double) (1.0 / 9));
    p = Math.fma(p, x, (@Real double) (1.0 / 7));
    p = Math.fma(p, x, (@Real double) (1.0 / 5));
    p = Math.fma(p, x, (@Real double) (1.0 / 3));
    return 2 * Math.fma(s * x, p, s);
  }
}
