package io.gradlens.train;

import io.gradlens.ode.Solution;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.adjoint.Gradients;
import io.gradlens.ode.adjoint.Loss;

/**
 * What solves trajectories of a field with parameters θ, and takes gradients, for {@link
 * FieldLoss}.
 */
public interface FieldEngine {

  /** Components of a state, d. */
  int dim();

  /** How many parameters there are, p. */
  int params();

  /** Takes other parameters, {@code [p]}. */
  void setTheta(double[] theta);

  /** Solves, and keeps the states at the trajectories' times. */
  Solution solve(Trajectories trajectories);

  /** Solves, and takes a loss' gradients; those by θ summed over trajectories. */
  Gradients gradient(Trajectories trajectories, Loss loss);
}
