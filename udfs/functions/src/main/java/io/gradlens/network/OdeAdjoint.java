package io.gradlens.network;

/** How an ODE block computes its gradients. */
public enum OdeAdjoint {
  /**
   * Back through the steps that were taken: the gradient of the numbers that the block gave, exact
   * to rounding at any tolerance. It keeps what the steps leave, up to a number of bytes.
   */
  DISCRETE,
  /**
   * The state and its adjoint solved backwards from 1 to 0, in memory that does not grow with the
   * number of steps. As exact as the tolerance.
   */
  BACKSOLVE
}
