package io.gradlens.ode.nn;

import io.gradlens.kernel.Real;

/**
 * eˣ − 1 as a loop's body that C2 vectorises: a polynomial at y = x/2ᵏ, then k times p ← p(p + 2),
 * which is e²ʸ − 1 from p = eʸ − 1 and loses nothing near 0.
 *
 * <p>The polynomial is y + y²r(y), r by Remez exchange with the least relative error in p over |y|
 * ≤ {@link #RANGE}/2ᵏ: 1.8e-16 with k = 6; float: 1.5e-8 with k = 5.
 */
@Real
final class Exponential {
  private static final boolean SINGLE = (@Real double) 0.1 != 0.1;

  /** Where x is cut off: beyond it, 1 ± 2e⁻ˣ rounds to 1, so that tanh(x/2) is 1. */
  private static final @Real double RANGE = (@Real double) (SINGLE ? 18.2 : 38.2);

  /** 2⁻ᵏ. */
  private static final @Real double SCALE = (@Real double) (SINGLE ? 0x1p-5 : 0x1p-6);

  private static final @Real double R0 =
      (@Real double) (SINGLE ? 0.5000001788139343 : 0.5000000000000006);
  private static final @Real double R1 =
      (@Real double) (SINGLE ? 0.1666666865348816 : 0.16666666666668892);
  private static final @Real double R2 =
      (@Real double) (SINGLE ? 0.04166356474161148 : 0.04166666666663063);
  private static final @Real double R3 =
      (@Real double) (SINGLE ? 0.008332989178597927 : 0.008333333332441448);
  private static final @Real double R4 =
      (@Real double) (SINGLE ? 0.0014050157042220235 : 0.0013888888894553414);
  private static final @Real double R5 =
      (@Real double) (SINGLE ? 0.0002002029214054346 : 0.00019841271000698785);
  private static final @Real double R6 = (@Real double) 2.4801583942611406e-05;
  private static final @Real double R7 = (@Real double) 2.755666246892855e-06;
  private static final @Real double R8 = (@Real double) 2.755805205579736e-07;
  private static final @Real double R9 = (@Real double) 2.5220725994422348e-08;
  private static final @Real double R10 = (@Real double) 2.0872570579410563e-09;

  private Exponential() {}

  /** eˣ − 1 for |x| ≤ 38.2 (float: 18.2), and its value there beyond; NaN for NaN. */
  static @Real double expm1(@Real double x) {
    @Real double y = Math.max(-RANGE, Math.min(x, RANGE)) * SCALE;
    @Real double z = y * y;
    @Real double even = R4;
    @Real double odd = R5;
    if (!SINGLE) {
      even = Math.fma(Math.fma(R10, z, R8), z, R6);
      odd = Math.fma(R9, z, R7);
      even = Math.fma(even, z, R4);
      odd = Math.fma(odd, z, R5);
    }
    even = Math.fma(Math.fma(even, z, R2), z, R0);
    odd = Math.fma(Math.fma(odd, z, R3), z, R1);
    @Real double p = Math.fma(z, Math.fma(odd, y, even), y);
    if (!SINGLE) {
      p = Math.fma(p, p, p + p);
    }
    p = Math.fma(p, p, p + p);
    p = Math.fma(p, p, p + p);
    p = Math.fma(p, p, p + p);
    p = Math.fma(p, p, p + p);
    return Math.fma(p, p, p + p);
  }

  /** tanh z = −p/(2 + p) with p = e⁻²ᶻ − 1; within a relative error of 9e-16 (float: 3e-7). */
  static @Real double tanh(@Real double z) {
    @Real double p = expm1(-2 * z);
    return p / (-2 - p);
  }

  /** ln(1 + u) = 2 artanh s with s = u/(2 + u), for 0 ≤ u ≤ 1. */
  static @Real double log1p(@Real double u) {
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
