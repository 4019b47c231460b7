package io.gradlens.ode;

/** Where a trajectory goes on after an event: y⁺ = R(t, y⁻). */
@FunctionalInterface
public interface RestartMap {

  /**
   * Computes R.
   *
   * @param before y⁻, {@code [dim]}, only read
   * @param after overwritten with y⁺, {@code [dim]}
   */
  void apply(double t, double[] before, double[] after);

  /**
   * Adds (∂R/∂y)ᵀ a and (∂R/∂θ)ᵀ a to what the arrays hold. Adjoints need it, a solve does not.
   *
   * @param cotangent a, {@code [dim]}
   * @param gradY {@code [dim]}
   * @param gradTheta {@code [params]}, parameters of the field; null where not wanted
   * @return aᵀ ∂R/∂t
   * @throws UnsupportedOperationException unless overridden
   */
  default double vjp(
      double t, double[] before, double[] cotangent, double[] gradY, double[] gradTheta) {
    throw new UnsupportedOperationException(
        "Gradients through a restart need the derivatives of its map: override RestartMap.vjp.");
  }

  /**
   * y⁺_i = factor_i · y⁻_i: a bouncing ball's velocity has a negative factor. Components without a
   * factor stay as they are.
   */
  static RestartMap scaling(double... factors) {
    double[] scale = factors.clone();
    return new RestartMap() {
      @Override
      public void apply(double t, double[] before, double[] after) {
        for (int i = 0; i < after.length; i++) {
          after[i] = i < scale.length ? scale[i] * before[i] : before[i];
        }
      }

      @Override
      public double vjp(
          double t, double[] before, double[] cotangent, double[] gradY, double[] gradTheta) {
        for (int i = 0; i < gradY.length; i++) {
          gradY[i] += i < scale.length ? scale[i] * cotangent[i] : cotangent[i];
        }
        return 0;
      }
    };
  }
}
