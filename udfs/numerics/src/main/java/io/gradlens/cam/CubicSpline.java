package io.gradlens.cam;

/**
 * Interpolation by the cubic spline that passes through equidistant samples.
 *
 * <p>What SciPy's {@code ndimage.zoom(order=3, mode='constant', grid_mode=False, prefilter=True)}
 * computes: the samples are filtered into B-spline coefficients (pole z = √3 − 2, gain 6, run
 * forwards and backwards) as if mirrored about their end points; output i reads at i·(n−1)/(N−1) as
 * the sum of four coefficients, mirrored likewise. The mode's constant is meant for places outside
 * the samples, of which corners aligned have none; SciPy still writes 0 into the last line where
 * (n−1)/(N−1)·(N−1) rounds above n−1 (n = 4, N = 188). That is not copied: the last output is the
 * last sample.
 *
 * <p>Source: Unser, Aldroubi and Eden 1993, B-spline signal processing, part II, equations 2.5 and
 * 2.6; SciPy 1.17, ni_splines.c and ni_interpolation.c.
 */
final class CubicSpline {

  private static final double POLE = Math.sqrt(3) - 2;
  private static final double GAIN = 6;

  private CubicSpline() {}

  /** {@code [count,length]} to {@code [target,count]}; see {@link Upsampling#axis}. */
  static double[] zoom(double[] values, int count, int length, int target) {
    double[] coefficients = values.clone();
    for (int line = 0; line < count; line++) {
      filter(coefficients, line * length, length);
    }
    double step = target > 1 ? (double) (length - 1) / (target - 1) : 0;
    double[] out = new double[count * target];
    for (int x = 0; x < target; x++) {
      double at = Math.min(x * step, length - 1);
      int left = (int) at;
      double t = at - left;
      double s = 1 - t;
      double w0 = s * s * s / 6;
      double w1 = (4 + t * t * (3 * t - 6)) / 6;
      double w2 = (4 + s * s * (3 * s - 6)) / 6;
      double w3 = t * t * t / 6;
      int i0 = mirrored(left - 1, length);
      int i2 = mirrored(left + 1, length);
      int i3 = mirrored(left + 2, length);
      for (int line = 0; line < count; line++) {
        int base = line * length;
        out[x * count + line] =
            w0 * coefficients[base + i0]
                + w1 * coefficients[base + left]
                + w2 * coefficients[base + i2]
                + w3 * coefficients[base + i3];
      }
    }
    return out;
  }

  /** Samples to B-spline coefficients, in place. */
  private static void filter(double[] c, int base, int n) {
    if (n == 1) {
      return; // A constant is its own spline.
    }
    for (int i = 0; i < n; i++) {
      c[base + i] *= GAIN;
    }
    double farthest = Math.pow(POLE, n - 1);
    double power = POLE;
    double first = c[base] + farthest * c[base + n - 1];
    for (int i = 1; i < n - 1; i++) {
      first += power * (c[base + i] + farthest * c[base + n - 1 - i]);
      power *= POLE;
    }
    c[base] = first / (1 - farthest * farthest);
    for (int i = 1; i < n; i++) {
      c[base + i] += POLE * c[base + i - 1];
    }
    c[base + n - 1] = (POLE * c[base + n - 2] + c[base + n - 1]) * POLE / (POLE * POLE - 1);
    for (int i = n - 2; i >= 0; i--) {
      c[base + i] = POLE * (c[base + i + 1] - c[base + i]);
    }
  }

  private static int mirrored(int index, int length) {
    if (length == 1) {
      return 0;
    }
    int period = 2 * (length - 1);
    int folded = Math.floorMod(index, period);
    return folded < length ? folded : period - folded;
  }
}
