package io.gradlens.train;

/**
 * y = Wx + b for one vector, with W {@code [out][in]} and then b {@code [out]} from a place in θ
 * on.
 *
 * @param at where W begins in θ
 */
record Affine(int at, int in, int out) {

  /** Where what follows in θ begins. */
  int end() {
    return at + out * (in + 1);
  }

  /** Overwrites y with Wx + b. */
  void apply(double[] theta, double[] x, double[] y) {
    for (int i = 0; i < out; i++) {
      double sum = theta[at + in * out + i];
      for (int j = 0; j < in; j++) {
        sum += theta[at + i * in + j] * x[j];
      }
      y[i] = sum;
    }
  }

  /**
   * Adds Wᵀa to the gradient of x, and a·xᵀ and a to that of θ.
   *
   * @param cotangent a, of y
   * @param gradX added to
   * @param gradTheta added to; all of θ
   */
  void vjp(double[] theta, double[] x, double[] cotangent, double[] gradX, double[] gradTheta) {
    for (int i = 0; i < out; i++) {
      double a = cotangent[i];
      gradTheta[at + in * out + i] += a;
      for (int j = 0; j < in; j++) {
        gradTheta[at + i * in + j] += a * x[j];
        gradX[j] += a * theta[at + i * in + j];
      }
    }
  }

  /** Draws W uniformly from ±1/√in, as torch.nn.Linear does, and b too. */
  void draw(double[] theta, java.util.Random random) {
    double bound = 1 / Math.sqrt(in);
    for (int p = at; p < end(); p++) {
      theta[p] = bound * (2 * random.nextDouble() - 1);
    }
  }
}
