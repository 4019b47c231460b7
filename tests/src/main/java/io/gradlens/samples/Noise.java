package io.gradlens.samples;

/**
 * Seeded value noise: smooth random functions of the plane and of space, in [0,1].
 *
 * <p>A hash gives every lattice point a value, quintic weights join them. Only IEEE arithmetic, so
 * that every JVM draws the same picture.
 */
final class Noise {

  private final long seed;

  Noise(long seed) {
    this.seed = seed;
  }

  /** The value of a lattice point, uniform in [0,1). */
  double hash(long i, long j, long k) {
    long h = seed + i * 0x9E3779B97F4A7C15L + j * 0xC2B2AE3D27D4EB4FL + k * 0x165667B19E3779F9L;
    return (scramble(h) >>> 11) * 0x1.0p-53;
  }

  /** SplitMix64's finaliser (Steele et al. 2014): neighbouring seeds give unrelated numbers. */
  static long scramble(long h) {
    h = (h ^ (h >>> 30)) * 0xBF58476D1CE4E5B9L;
    h = (h ^ (h >>> 27)) * 0x94D049BB133111EBL;
    return h ^ (h >>> 31);
  }

  double at(double x, double y) {
    double fx = Math.floor(x);
    double fy = Math.floor(y);
    long i = (long) fx;
    long j = (long) fy;
    double u = quintic(x - fx);
    return lerp(
        lerp(hash(i, j, 0), hash(i + 1, j, 0), u),
        lerp(hash(i, j + 1, 0), hash(i + 1, j + 1, 0), u),
        quintic(y - fy));
  }

  double at(double x, double y, double z) {
    double fx = Math.floor(x);
    double fy = Math.floor(y);
    double fz = Math.floor(z);
    long i = (long) fx;
    long j = (long) fy;
    long k = (long) fz;
    double u = quintic(x - fx);
    double v = quintic(y - fy);
    double near =
        lerp(
            lerp(hash(i, j, k), hash(i + 1, j, k), u),
            lerp(hash(i, j + 1, k), hash(i + 1, j + 1, k), u),
            v);
    double far =
        lerp(
            lerp(hash(i, j, k + 1), hash(i + 1, j, k + 1), u),
            lerp(hash(i, j + 1, k + 1), hash(i + 1, j + 1, k + 1), u),
            v);
    return lerp(near, far, quintic(z - fz));
  }

  /** Octaves summed, each of half the wavelength and half the weight of the one before. */
  double octaves(double x, double y, int count) {
    double sum = 0;
    double weight = 0.5;
    double total = 0;
    for (int n = 0; n < count; n++) {
      sum += weight * at(x, y);
      total += weight;
      weight *= 0.5;
      x = 2 * x + 17.3;
      y = 2 * y - 9.1;
    }
    return sum / total;
  }

  /** Cells around one random point each: distance to the nearest, and to the nearest border. */
  double[] cells(double x, double y) {
    long i = (long) Math.floor(x);
    long j = (long) Math.floor(y);
    double first = 9;
    double second = 9;
    double id = 0;
    for (long a = i - 1; a <= i + 1; a++) {
      for (long b = j - 1; b <= j + 1; b++) {
        double dx = a + 0.15 + 0.7 * hash(a, b, 1) - x;
        double dy = b + 0.15 + 0.7 * hash(a, b, 2) - y;
        double d = Math.sqrt(dx * dx + dy * dy);
        if (d < first) {
          second = first;
          first = d;
          id = hash(a, b, 3);
        } else if (d < second) {
          second = d;
        }
      }
    }
    return new double[] {first, second - first, id};
  }

  static double lerp(double a, double b, double t) {
    return a + (b - a) * t;
  }

  static double clamp(double x) {
    return Math.min(1, Math.max(0, x));
  }

  /** 0 up to a, 1 from b on, smooth between. */
  static double smoothstep(double a, double b, double x) {
    double t = clamp((x - a) / (b - a));
    return t * t * (3 - 2 * t);
  }

  private static double quintic(double t) {
    return t * t * t * (t * (t * 6 - 15) + 10);
  }
}
