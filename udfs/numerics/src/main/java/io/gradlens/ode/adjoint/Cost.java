package io.gradlens.ode.adjoint;

import io.gradlens.kernel.Real;

/**
 * What a trajectory costs while it goes on, c(t, y, ẏ) with ẏ = f(t, y, θ): the rate at which a
 * {@link RunningCost} grows. It depends on θ through y and ẏ.
 *
 * <p>A lane's result depends on that lane only.
 */
@Real
public interface Cost {

  /**
   * Computes c.
   *
   * @param t the time of every lane, {@code [n]}
   * @param y the states, {@code [d][n]}
   * @param slopes ẏ, {@code [d][n]}
   * @param cost overwritten, {@code [n]}
   */
  void value(double[] t, @Real double[] y, @Real double[] slopes, @Real double[] cost);

  /**
   * Adds a·∂c/∂y, a·∂c/∂ẏ and a·∂c/∂t to what the last three arrays hold.
   *
   * @param cotangent a, one number a lane, {@code [n]}
   * @param gradY {@code [d][n]}
   * @param gradSlopes {@code [d][n]}
   * @param gradT {@code [n]}
   */
  void vjp(
      double[] t,
      @Real double[] y,
      @Real double[] slopes,
      @Real double[] cotangent,
      @Real double[] gradY,
      @Real double[] gradSlopes,
      double[] gradT);

  /**
   * c = |ẏ|² over the first components, the squared speed: with it a flow is regularised towards
   * straight paths at constant speed, which solvers take in few steps (Finlay et al., How to train
   * your neural ODE, 2020).
   *
   * @param components how many count: those of a point, not what is integrated along its way
   * @throws IllegalArgumentException if it is not above 0
   */
  static Cost kineticEnergy(int components) {
    if (components < 1) {
      throw new IllegalArgumentException(
          "Expected at least 1 component to have a speed, got %d.".formatted(components));
    }
    return new KineticEnergy(components);
  }
}
