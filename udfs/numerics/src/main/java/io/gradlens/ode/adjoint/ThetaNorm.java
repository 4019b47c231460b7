package io.gradlens.ode.adjoint;

/** Whether the integrals for θ have a say in the step sizes of a {@link BacksolveAdjoint}. */
public enum ThetaNorm {
  /** Each tensor of θ by its root mean square, as torchdiffeq has it unless told otherwise. */
  FULL,
  /**
   * None: they are integrals along the way, which nothing feeds back, and their errors follow those
   * of the states and cotangents (Kidger, Chen, Lyons, "Hey, that's not an ODE": Faster ODE
   * adjoints via seminorms, 2021).
   */
  SEMINORM
}
