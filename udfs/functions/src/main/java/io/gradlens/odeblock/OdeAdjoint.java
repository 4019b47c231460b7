package io.gradlens.odeblock;

/**
 * How an ODE block computes its gradients.
 *
 * <p>The ReLUs in f make the two differ: a kink moves the gradient as much as a step is long,
 * whatever the order of the method. On a small block, tolerances of 1e-4 and 1e-6, they differed by
 * 3 % and 0.7 %; where all ReLUs are open, by 6e-6 and 2e-6. So tolerances below 1e-4 buy little,
 * and on the way back they cost much: {@link #BACKSOLVE} took 116 and 2,834 products for 32 and 122
 * evaluations forward, where {@link #DISCRETE} takes one for each.
 */
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
