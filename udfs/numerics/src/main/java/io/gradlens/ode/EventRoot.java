package io.gradlens.ode;

/** A function g(t, y) of one trajectory whose zeros are events. */
@FunctionalInterface
public interface EventRoot {

  /**
   * Computes g. It must be continuous along a solution.
   *
   * @param y the state, {@code [dim]}, only read
   */
  double value(double t, double[] y);

  /**
   * Adds weight · ∂g/∂y and weight · ∂g/∂θ to what the arrays hold. Adjoints need it, a solve does
   * not.
   *
   * @param gradY {@code [dim]}
   * @param gradTheta {@code [params]}, parameters of the field; null where not wanted
   * @return weight · ∂g/∂t
   * @throws UnsupportedOperationException unless overridden
   */
  default double vjp(double t, double[] y, double weight, double[] gradY, double[] gradTheta) {
    throw new UnsupportedOperationException(
        "Gradients through an event need the derivatives of its root: override EventRoot.vjp.");
  }

  /** g = y_component − level. */
  static EventRoot level(int component, double level) {
    return new EventRoot() {
      @Override
      public double value(double t, double[] y) {
        return y[component] - level;
      }

      @Override
      public double vjp(double t, double[] y, double weight, double[] gradY, double[] gradTheta) {
        gradY[component] += weight;
        return 0;
      }
    };
  }
}
