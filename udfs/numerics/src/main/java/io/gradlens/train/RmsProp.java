package io.gradlens.train;

import java.util.Arrays;

/**
 * RMSprop: with g = dL/dθ + λθ, v ← αv + (1 − α)g², u = g/(√v + ε),
 *
 * <p>θ ← θ − ηu, or with momentum μ above 0: b ← μb + u, θ ← θ − ηb.
 *
 * <p>ε stands outside of the root and the first v is not corrected for beginning at 0, as {@code
 * torch.optim.RMSprop} has it. Source: T. Tieleman and G. Hinton, Lecture 6.5 of Neural Networks
 * for Machine Learning, 2012.
 */
public final class RmsProp extends GradientOptimizer {
  private final double alpha;
  private final double epsilon;
  private final double mu;
  private final double[] v;
  private final double[] b;

  /**
   * @param params p
   * @param alpha how much of v stays, at least 0 and below 1; usual is 0.99
   * @param epsilon above 0; usual is 1e-8
   * @param mu momentum, at least 0 and below 1; 0 for none
   * @param weightDecay λ, 0 or above
   */
  public RmsProp(int params, double alpha, double epsilon, double mu, double weightDecay) {
    super(params, weightDecay);
    requireFraction("share of the mean square that stays (alpha)", alpha);
    requirePositive("epsilon", epsilon);
    requireFraction("momentum", mu);
    this.alpha = alpha;
    this.epsilon = epsilon;
    this.mu = mu;
    v = new double[params];
    b = new double[params];
  }

  @Override
  void update(double[] theta, double[] g, double learningRate) {
    addWeightDecay(theta, g);
    for (int i = 0; i < theta.length; i++) {
      v[i] = alpha * v[i] + (1 - alpha) * g[i] * g[i];
      double u = g[i] / (Math.sqrt(v[i]) + epsilon);
      b[i] = mu * b[i] + u;
      theta[i] -= learningRate * b[i];
    }
  }

  @Override
  public double[] state() {
    double[] state = Arrays.copyOf(v, 2 * v.length);
    System.arraycopy(b, 0, state, v.length, b.length);
    return state;
  }

  @Override
  public void restore(double[] state) {
    double[] both = new double[2 * v.length];
    copyState(state, both);
    System.arraycopy(both, 0, v, 0, v.length);
    System.arraycopy(both, v.length, b, 0, b.length);
  }
}
