package io.gradlens.train;

/** A function L(θ) to be made small, with its gradient. */
@FunctionalInterface
public interface Objective {

  /**
   * Computes L and dL/dθ.
   *
   * @param theta θ, {@code [p]}, only read
   * @param gradient overwritten: dL/dθ, {@code [p]}
   * @return L(θ); NaN or infinite where it cannot be computed, the gradient then is anything
   */
  double evaluate(double[] theta, double[] gradient);
}
