package io.gradlens.ode.nn;

/** What a hidden layer applies to each of its units. */
public enum Activation {
  /** (eᶻ − e⁻ᶻ)/(eᶻ + e⁻ᶻ). */
  TANH,
  /** max(z, 0). */
  RELU,
  /** z where z > 0, else eᶻ − 1. */
  ELU,
  /** ln(1 + eᶻ), without the threshold above which some libraries return z. */
  SOFTPLUS,
  /** sin z. */
  SIN,
  /** z. */
  IDENTITY
}
