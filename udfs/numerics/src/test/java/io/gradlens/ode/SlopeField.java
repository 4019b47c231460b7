package io.gradlens.ode;

/** A field written down for one trajectory, as books have it. */
final class SlopeField implements VectorField {

  /** dy/dt of one trajectory. */
  @FunctionalInterface
  interface Slope {
    void at(double t, double[] y, double[] dydt);
  }

  private final int dim;
  private final Slope slope;
  private final double[] state;
  private final double[] slopes;
  private long calls;

  SlopeField(int dim, Slope slope) {
    this.dim = dim;
    this.slope = slope;
    state = new double[dim];
    slopes = new double[dim];
  }

  @Override
  public int dim() {
    return dim;
  }

  @Override
  public void apply(double[] t, double[] y, double[] dydt) {
    int n = t.length;
    calls++;
    for (int l = 0; l < n; l++) {
      for (int d = 0; d < dim; d++) {
        state[d] = y[d * n + l];
      }
      slope.at(t[l], state, slopes);
      for (int d = 0; d < dim; d++) {
        dydt[d * n + l] = slopes[d];
      }
    }
  }

  /** How often f was evaluated, all lanes at a time. */
  long calls() {
    return calls;
  }
}
