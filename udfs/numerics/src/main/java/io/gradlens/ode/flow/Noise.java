package io.gradlens.ode.flow;

import static io.gradlens.random.CounterRandom.bits;
import static io.gradlens.random.CounterRandom.uniform;

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
}
