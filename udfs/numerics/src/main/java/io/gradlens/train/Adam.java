package io.gradlens.train;

/**
 * Adam: m ← m + (1 − β₁)(g − m), v ← β₂v + (1 − β₂)g², and at step k
 *
 * <p>θ ← θ − η/(1 − β₁ᵏ) · m/(√v/√(1 − β₂ᵏ) + ε).
 *
 * <p>Weight decay λ is either part of the gradient, g = dL/dθ + λθ, or decoupled from it (AdamW): θ
 * ← (1 − ηλ)θ before the step.
 *
 * <p>Source: Kingma and Ba, Adam: a method for stochastic optimization, 2015; Loshchilov and
 * Hutter, Decoupled weight decay regularization, 2019; the order of operations is torch's.
 */
public final class Adam extends GradientOptimizer {

  /** What weight decay acts on. */
  public enum Decay {
    /** The gradient, which is scaled by √v like the rest (Adam). */
    IN_GRADIENT,
    /** The parameters themselves (AdamW). */
    DECOUPLED
  }

  private final double beta1;
  private final double beta2;
  private final double epsilon;
  private final Decay decay;
  private final double[] m;
  private final double[] v;
  private long k;

  /**
   * @param params p
   * @param beta1 at least 0 and below 1; usual is 0.9
   * @param beta2 at least 0 and below 1; usual is 0.999
   * @param epsilon above 0; usual is 1e-8
   * @param weightDecay λ, 0 or above; AdamW's usual one is 0.01
   */
  public Adam(
      int params, double beta1, double beta2, double epsilon, Decay decay, double weightDecay) {
    super(params, weightDecay);
    requireFraction("beta1", beta1);
    requireFraction("beta2", beta2);
    requirePositive("epsilon", epsilon);
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
    this.decay = decay;
    m = new double[params];
    v = new double[params];
  }

  @Override
  void update(double[] theta, double[] g, double learningRate) {
    k++;
    double shrink = 1;
    if (decay == Decay.IN_GRADIENT) {
      addWeightDecay(theta, g);
    } else {
      shrink -= learningRate * weightDecay();
    }
    // StrictMath: the same bits on every machine.
    double step = learningRate / (1 - StrictMath.pow(beta1, k));
    double root = Math.sqrt(1 - StrictMath.pow(beta2, k));
    for (int i = 0; i < theta.length; i++) {
      m[i] += (1 - beta1) * (g[i] - m[i]);
      v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
      theta[i] = shrink * theta[i] - step * m[i] / (Math.sqrt(v[i]) / root + epsilon);
    }
  }

  @Override
  public double[] state() {
    int p = m.length;
    double[] state = new double[2 * p + 1];
    System.arraycopy(m, 0, state, 0, p);
    System.arraycopy(v, 0, state, p, p);
    state[2 * p] = k;
    return state;
  }

  @Override
  public void restore(double[] state) {
    int p = m.length;
    double[] all = new double[2 * p + 1];
    copyState(state, all);
    System.arraycopy(all, 0, m, 0, p);
    System.arraycopy(all, p, v, 0, p);
    k = (long) all[2 * p];
  }
}
