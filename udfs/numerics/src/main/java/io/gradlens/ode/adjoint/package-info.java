/**
 * Gradients of a loss on the solutions of dz/dt = f(z, t, θ), with respect to initial states,
 * parameters and times.
 *
 * <pre>{@code
 * DiscreteAdjoint adjoint =
 *     new DiscreteAdjoint(solve, field, ThetaGradient.SUM, StepMemory.recompute());
 * Gradients gradients = adjoint.gradient(trajectories, loss);
 * gradients.gradY0(i); // dL/dz(t₀) of trajectory i
 * gradients.gradTheta(); // dL/dθ
 * gradients.gradT(i); // dL/dt_0, …, dL/dt_N
 * }</pre>
 *
 * <h2>From the paper's formulas to this code</h2>
 *
 * <p>A {@link io.gradlens.ode.adjoint.Loss} L is a sum over trajectories of anything at their times
 * t₀ … t_N, and g_i = ∂L/∂z(t_i) are its cotangents. The adjoint a(t) = dL/dz(t) obeys
 *
 * <p>da/dt = −aᵀ ∂f/∂z, dL/dθ = ∫ aᵀ ∂f/∂θ dt from t₀ to t_N,
 *
 * <p>and jumps by g_i at every t_i. The paper's trick is to append θ and t to the state, Z = [z, θ,
 * t]: its adjoint a = dL/dZ = [a_z, a_θ, a_t] obeys the one equation da/dt = −aᵀ ∂g/∂Z, whose rows
 * are the line above and da_t/dt = −a_zᵀ ∂f/∂t.
 *
 * <table>
 * <caption>Where it is</caption>
 * <tr><td>aᵀ∂f/∂z, aᵀ∂f/∂θ, aᵀ∂f/∂t</td><td>{@link io.gradlens.ode.DifferentiableField#vjp}</td></tr>
 * <tr><td>the system of [z, a_z, a_t, a_θ], backwards</td><td>{@code AugmentedField}</td></tr>
 * <tr><td>from observation to observation: z reset, g_i added</td>
 *     <td>{@link io.gradlens.ode.adjoint.BacksolveAdjoint}</td></tr>
 * <tr><td>a_z(t_N) = g_N; dL/dz₀ = a_z(t₀) with g₀ added</td><td>the same</td></tr>
 * <tr><td>dL/dt_i = g_i·f(t_i, z_i) for i ≥ 1 (g_i alone, not a_z)</td><td>the same</td></tr>
 * <tr><td>dL/dt₀ = a_t(t₀), where a_t has lost every g_i·f_i on the way</td><td>the same</td></tr>
 * </table>
 *
 * <p>Besides, dL/dt₀ = −a_z(t₀)·f(t₀, z₀), with a_z before g₀ is added: to begin a little later is
 * to begin from a state a little earlier on the way. Where f jumps, this is what the code takes.
 *
 * <h2>Two adjoints</h2>
 *
 * <p>{@link io.gradlens.ode.adjoint.BacksolveAdjoint} solves that system: the gradient of the
 * continuous problem, as good as the tolerance of both solves, in memory that does not grow with
 * the number of steps. Whatever solves forwards, solves it.
 *
 * <p>{@link io.gradlens.ode.adjoint.DiscreteAdjoint} differentiates the steps that the solver took:
 * the gradient of the numbers that the solve gave, exact to rounding at any tolerance. It is the
 * one to train with. One Euler step of size 1 is a residual block, and this is its
 * back-propagation. It covers all one-step methods, implicit ones included; {@link
 * io.gradlens.ode.adjoint.StepMemory} says what it keeps.
 *
 * <p>Neither differentiates the choice of step sizes: they count as constants.
 *
 * <p>An integral over the trajectory in the loss is a component of its own, see {@link
 * io.gradlens.ode.adjoint.RunningCost}. {@link io.gradlens.ode.adjoint.Losses} has the usual
 * losses. {@link io.gradlens.ode.adjoint.GradientCheck} holds an adjoint against differences, or
 * against the other one.
 *
 * <p>Source: Chen, Rubanova, Bettencourt, Duvenaud, Neural Ordinary Differential Equations, 2018.
 */
package io.gradlens.ode.adjoint;
