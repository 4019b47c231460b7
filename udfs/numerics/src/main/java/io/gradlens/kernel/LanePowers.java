package io.gradlens.kernel;

/**
 * xᵖ for many x: 2 to the power of p·log₂x, the logarithm by its series in (m − 1)/(m + 1) for the
 * mantissa m from √½ to √2, the power by Taylor's series within half a unit.
 *
 * <p>As plain loop and in vectors, with the same bits: every result is the same sequence of
 * operations. The relative error is below 3e-16·(1 + |p·log₂x|).
 *
 * <p>For 2⁻¹⁰²² ≤ x < ∞ and results of that size at least; what comes of other numbers, NaN among
 * them, is not defined.
 */
public final class LanePowers {

  /** The bits of √½, from which mantissas are counted. */
  static final long HALF_ROOT = 0x3FE6A09E667F3BCDL;

  /** Added to exponents to keep them above 0. */
  static final long EXPONENT_BIAS = 1024;

  static final int MANTISSA_BITS = 52;

  /** The bits of 2⁵²: with a small number in its last bits it is 2⁵² and that number. */
  static final long COUNTER = 0x4330000000000000L;

  static final double COUNTER_ZERO = 0x1p52 + EXPONENT_BIAS;

  /** Added and taken away, it rounds to whole numbers, and leaves these in the last bits. */
  static final double ROUNDER = 0x1.8p52;

  /** 2/(ln 2·(2i + 1)): log₂m is s times this series in s². */
  static final double[] LOG = new double[11];

  /** (ln 2)ⁱ/i!. */
  static final double[] EXP = new double[14];

  static {
    for (int i = 0; i < LOG.length; i++) {
      LOG[i] = 2 / (Math.log(2) * (2 * i + 1));
    }
    double term = 1;
    for (int i = 0; i < EXP.length; i++) {
      EXP[i] = term;
      term *= Math.log(2) / (i + 1);
    }
  }

  private LanePowers() {}

  /**
   * Computes xᵖ for elements from 0 to {@code n}.
   *
   * @param x not overwritten, unless it is {@code out}
   * @param out overwritten
   * @param n a multiple of 8
   */
  public static void raise(double[] x, double p, double[] out, int n) {
    if (VectorWarmUp.isReady()) {
      VectorLanePowers.raise(x, p, out, n);
    } else {
      plain(x, p, out, n);
    }
  }

  static void plain(double[] x, double p, double[] out, int n) {
    for (int l = 0; l < n; l++) {
      long bits = Double.doubleToRawLongBits(x[l]);
      long exponent = bits + (EXPONENT_BIAS << MANTISSA_BITS) - HALF_ROOT >>> MANTISSA_BITS;
      double m = Double.longBitsToDouble(bits - (exponent - EXPONENT_BIAS << MANTISSA_BITS));
      double s = (m - 1) / (m + 1);
      double z = s * s;
      double log = LOG[LOG.length - 1];
      for (int i = LOG.length - 2; i >= 0; i--) {
        log = Math.fma(log, z, LOG[i]);
      }
      double whole = Double.longBitsToDouble(exponent | COUNTER) - COUNTER_ZERO;
      double power = p * Math.fma(s, log, whole);
      double rounded = power + ROUNDER;
      double rest = power - (rounded - ROUNDER);
      double exp = EXP[EXP.length - 1];
      for (int i = EXP.length - 2; i >= 0; i--) {
        exp = Math.fma(exp, rest, EXP[i]);
      }
      out[l] =
          Double.longBitsToDouble(
              Double.doubleToRawLongBits(exp)
                  + (Double.doubleToRawLongBits(rounded) << MANTISSA_BITS));
    }
  }
}
