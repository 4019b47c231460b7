package io.gradlens.train;

/**
 * Stochastic gradient descent with momentum μ: with g = dL/dθ + λθ,
 *
 * <p>b ← μb + g, θ ← θ − η·b; by Nesterov's variant θ ← θ − η·(g + μb).
 *
 * <p>Source: Sutskever et al., On the importance of initialization and momentum in deep learning,
 * 2013, in the form of {@code torch.optim.SGD} (without dampening).
 */
public final class Sgd extends GradientOptimizer {

  /** Where the gradient counts that momentum is added to. */
  public enum Momentum {
    /** At θ, θ ← θ − η·b. */
    CLASSICAL,
    /** Where momentum carries θ to, θ ← θ − η·(g + μb). */
    NESTEROV
  }

  private final double mu;
  private final Momentum kind;
  private final double[] b;

  /**
   * @param params p
   * @param mu momentum, at least 0 and below 1; 0 for none
   * @param weightDecay λ, 0 or above
   */
  public Sgd(int params, double mu, Momentum kind, double weightDecay) {
    super(params, weightDecay);
    requireFraction("momentum", mu);
    this.mu = mu;
    this.kind = kind;
    b = new double[params];
  }

  @Override
  void update(double[] theta, double[] g, double learningRate) {
    addWeightDecay(theta, g);
    for (int i = 0; i < theta.length; i++) {
      b[i] = mu * b[i] + g[i];
      theta[i] -= learningRate * (kind == Momentum.NESTEROV ? g[i] + mu * b[i] : b[i]);
    }
  }

  @Override
  public double[] state() {
    return b.clone();
  }

  @Override
  public void restore(double[] state) {
    copyState(state, b);
  }
}
