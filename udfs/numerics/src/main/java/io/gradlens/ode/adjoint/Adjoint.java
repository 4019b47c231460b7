package io.gradlens.ode.adjoint;

import io.gradlens.ode.Trajectories;

/** A way to gradients of a loss on trajectories, in double or single precision. */
@FunctionalInterface
public interface Adjoint {

  /**
   * Solves, evaluates the loss, and takes its gradients.
   *
   * @throws IllegalArgumentException if dimensions do not fit
   */
  Gradients gradient(Trajectories trajectories, Loss loss);
}
