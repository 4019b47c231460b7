package io.gradlens.ode;

/** What an adjoint does with the gradient with respect to the parameters. */
public enum ThetaGradient {
  /** Nothing: it is not computed. */
  NONE,
  /** One gradient, the sum over all trajectories. */
  SUM,
  /** A gradient for every trajectory. */
  PER_TRAJECTORY
}
