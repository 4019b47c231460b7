package io.gradlens.ode;

import io.gradlens.kernel.Real;

/**
 * Evaluations of a {@link DifferentiableField}, kept so that their vector–Jacobian products can be
 * taken later.
 */
@Real
public interface Tape {

  /**
   * Computes f and records in a slot what {@link #vjp} needs.
   *
   * @param slot is overwritten
   * @param t the time of every lane, {@code [n]}
   * @param y the states, {@code [d][n]}, copied
   * @param dydt overwritten, {@code [d][n]}
   */
  void apply(int slot, double[] t, @Real double[] y, @Real double[] dydt);

  /**
   * Adds the vector–Jacobian product at a slot's (t, y) to {@code gradY} and {@code gradT}, and
   * keeps the one for θ until {@link #addThetaGradient}. It is taken once a slot and recording.
   *
   * @param cotangent a, {@code [d][n]}
   * @param gradY aᵀ∂f/∂y is added, {@code [d][n]}
   * @param gradT aᵀ∂f/∂t is added, {@code [n]}
   */
  void vjp(int slot, @Real double[] cotangent, @Real double[] gradY, double[] gradT);

  /**
   * Adds aᵀ∂f/∂θ of every {@link #vjp} since the last call: the sum over lanes, {@code [p]}, or
   * lane by lane, {@code [p][n]}, as the tape was made.
   */
  void addThetaGradient(double[] gradTheta);

  /** Bytes that the slots hold. */
  long bytes();
}
