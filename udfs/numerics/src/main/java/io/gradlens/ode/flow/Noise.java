package io.gradlens.ode.flow;

/**
 * Random vectors of independent components with mean 0 and variance 1, so that E[v vᵀ] = 1 and
 * E[vᵀJv] = tr J.
 *
 * <p>A vector is a function of a seed and of its own number, whatever was drawn before it: the same
 * bits on every machine and in every batch.
 */
public enum Noise {
  /**
   * −1 or 1, each with probability ½. Of all noise this has the least variance: Σ_{i<j} (J_ij +
   * J_ji)² for vᵀJv.
   */
  RADEMACHER {
    @Override
    double component(long seed, long number, int i) {
      return bits(seed, number, i) < 0 ? -1 : 1;
    }
  },

  /** Normal, by the transform of Box and Muller. */
  GAUSSIAN {
    @Override
    double component(long seed, long number, int i) {
      double radius = StrictMath.sqrt(-2 * StrictMath.log(uniform(bits(seed, number, 2L * i))));
      return radius * StrictMath.cos(2 * Math.PI * uniform(bits(seed, number, 2L * i + 1)));
    }
  };

  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  abstract double component(long seed, long number, int i);

  /**
   * A vector.
   *
   * @param number which one
   * @param dim how many components it has; the first ones do not depend on it
   */
  public final double[] vector(long seed, long number, int dim) {
    double[] v = new double[dim];
    for (int i = 0; i < dim; i++) {
      v[i] = component(seed, number, i);
    }
    return v;
  }

  private static long bits(long seed, long number, long component) {
    return mix(mix(mix(seed + GOLDEN) + number + GOLDEN) + component + GOLDEN);
  }

  /** SplitMix64's: Steele, Lea, Flood, Fast splittable pseudorandom number generators, 2014. */
  private static long mix(long x) {
    long y = (x ^ (x >>> 30)) * 0xbf58476d1ce4e5b9L;
    y = (y ^ (y >>> 27)) * 0x94d049bb133111ebL;
    return y ^ (y >>> 31);
  }

  /** Between 0 and 1, neither included. */
  private static double uniform(long bits) {
    return ((bits >>> 12) + 0.5) * 0x1p-52;
  }
}
