package io.gradlens.ode;

import io.gradlens.kernel.Real;

/**
 * A {@link VectorField} f(t, y, θ) with vector–Jacobian products.
 *
 * <p>With a cotangent a, a vector–Jacobian product gives aᵀ∂f/∂y, aᵀ∂f/∂θ and aᵀ∂f/∂t for every
 * lane, at about the cost of two evaluations of f and without the Jacobian ever being formed.
 */
@Real
public interface DifferentiableField extends VectorField {

  /** How many parameters there are, p. */
  int params();

  /** How many parameters each tensor of θ holds, in order: a backsolve's norm tells them apart. */
  default int[] tensors() {
    return new int[] {params()};
  }

  /** A copy of the parameters θ, {@code [p]}. */
  double[] theta();

  /**
   * Replaces the parameters.
   *
   * @param theta is copied, {@code [p]}
   * @throws IllegalArgumentException if its length is not p
   */
  void setTheta(double[] theta);

  /**
   * Adds the vector–Jacobian products at (t, y) to what the last three arrays hold.
   *
   * @param t the time of every lane, {@code [n]}
   * @param y the states, {@code [d][n]}
   * @param cotangent a, {@code [d][n]}
   * @param gradY aᵀ∂f/∂y is added, {@code [d][n]}
   * @param gradTheta aᵀ∂f/∂θ is added lane by lane, {@code [p][n]}; null where it is not wanted
   * @param gradT aᵀ∂f/∂t is added, {@code [n]}
   */
  void vjp(
      double[] t,
      @Real double[] y,
      @Real double[] cotangent,
      @Real double[] gradY,
      @Real double[] gradTheta,
      double[] gradT);

  /**
   * Computes the Jacobian, for a field that has a better way than one vector–Jacobian product a
   * component. Only implicit methods ask for it.
   *
   * @param jacobian overwritten: ∂f_i/∂y_j, {@code [i][j][n]}
   * @return whether it did
   */
  default boolean jacobian(double[] t, @Real double[] y, @Real double[] jacobian) {
    return false;
  }

  /**
   * A tape on which an adjoint records evaluations. A field with a faster way than evaluating again
   * in {@link #vjp} overrides this.
   *
   * @param lanes n, of every call to the tape
   * @param slots how many evaluations it keeps
   * @param thetaGradient what becomes of aᵀ∂f/∂θ
   */
  default Tape tape(int lanes, int slots, ThetaGradient thetaGradient) {
    return new ReplayTape(this, lanes, slots, thetaGradient);
  }
}
