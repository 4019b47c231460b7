package io.gradlens.ode;

import io.gradlens.kernel.Real;

/**
 * A field whose quadratic forms vᵀ(∂f/∂y)v can be differentiated: what a continuous normalising
 * flow needs. With unit vectors for v their sum is the divergence tr ∂f/∂y; with fixed random v of
 * independent entries ±1 it is Hutchinson's estimate of it.
 *
 * <p>A first-order vector–Jacobian product does not give the gradient of the divergence, hence this
 * interface.
 */
@Real
public interface DivergenceField extends DifferentiableField {

  /**
   * Computes q = vᵀ(∂f/∂y)v for every lane.
   *
   * @param v the vectors, {@code [d][n]}
   * @param q overwritten, {@code [n]}
   */
  void quadraticForm(double[] t, @Real double[] y, @Real double[] v, @Real double[] q);

  /**
   * Adds the vector–Jacobian products of {@link #quadraticForm} with respect to y, θ and t to what
   * the last three arrays hold; v counts as a constant.
   *
   * @param cotangent one number a lane, {@code [n]}
   * @param gradTheta lane by lane, {@code [p][n]}; null where it is not wanted
   */
  void quadraticFormVjp(
      double[] t,
      @Real double[] y,
      @Real double[] v,
      @Real double[] cotangent,
      @Real double[] gradY,
      @Real double[] gradTheta,
      double[] gradT);
}
