package io.gradlens.ode.adjoint;

import io.gradlens.kernel.Real;
import io.gradlens.ode.DifferentiableField;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.SaveAt;
import io.gradlens.ode.Solution;
import io.gradlens.ode.ThetaGradient;
import io.gradlens.ode.Trajectories;

/**
 * Gradients of what the solver computed: the reverse sweep over its accepted steps.
 *
 * <p>For a step y₁ = y + h Σ b_i k_i with k_i = f(t + c_i h, Y_i), Y_i = y + h Σ_j a_ij k_j, a
 * cotangent λ₁ of y₁ goes back stage by stage, from the last to the first:
 *
 * <p>κ_i = h (b_i λ₁ + Σ_{j>i} a_ji u_j), u_i = (∂f/∂y)ᵀ κ_i, λ = λ₁ + Σ u_i, dL/dθ += κ_iᵀ ∂f/∂θ
 *
 * <p>with the derivatives of f at Y_i. What is observed within a step adds its cotangent through
 * the dense output. So the gradients are those of the discrete solution, to rounding, at any
 * tolerance. Step sizes count as constants: how they were chosen is never differentiated. The
 * times' gradients are dL/dt_i = g_i·p′(t_i) with the slope p′ of the dense output, and dL/dt₀
 * moves the whole grid of steps along.
 *
 * <p>Through {@link OdeSolve#events} gradients are those of the event's time, too: with D = ∂g/∂t +
 * ∂g/∂y·f⁻, a change δy before an event moves it by −(∂g/∂y·δy)/D, and what comes after a restart
 * begins by so much later. A loss may read the events as well ({@link Loss#evaluateEvents}). Here
 * and where f jumps, gradients are exact to the order of the tolerance, since f⁻ stands for the
 * derivative of a step by its size.
 *
 * <p>It covers every Runge–Kutta method. The backward pass costs one vector–Jacobian product for
 * each evaluation of an accepted step, and one evaluation more unless {@link StepMemory#store}.
 *
 * <p>An instance keeps its memory from one call to the next, so it belongs to one thread at a time.
 *
 * <p>Source: Hager, Runge–Kutta methods in optimal control and the transformed adjoint system,
 * 2000; checkpoints that are thinned out as they become too many: Stumm and Walther, New algorithms
 * for optimal online checkpointing, 2010.
 */
@Real
public final class DiscreteAdjoint implements Adjoint {
  private final OdeSolve solve;
  private final DifferentiableField field;
  private final ThetaGradient thetaGradient;
  private final StepLog log;
  private final ReverseSweep sweep;

  /**
   * @param solve how trajectories are solved; what it keeps does not matter
   * @param memory what is kept for the way back
   * @throws IllegalArgumentException if the method is a multistep one
   */
  public DiscreteAdjoint(
      OdeSolve solve, DifferentiableField field, ThetaGradient thetaGradient, StepMemory memory) {
    if (solve.isMultistep()) {
      throw new IllegalArgumentException(
          "A discrete adjoint covers one-step methods, not Adams–Bashforth–Moulton: take a"
              + " BacksolveAdjoint.");
    }
    this.solve = solve.saveAt(SaveAt.TS);
    this.field = field;
    this.thetaGradient = thetaGradient;
    log = new StepLog(solve.tableau(), field, thetaGradient, memory);
    sweep = new ReverseSweep(solve.tableau(), field, thetaGradient, log, solve.events());
  }

  /**
   * Solves, evaluates the loss, and goes back.
   *
   * @throws IllegalArgumentException if dimensions do not fit
   * @throws UnsupportedOperationException if an event that the gradients depend on has no
   *     derivatives
   */
  @Override
  public Gradients gradient(Trajectories trajectories, Loss loss) {
    log.reset(trajectories);
    Solution solution = solve.solve(field, trajectories, log);
    Gradients gradients = new Gradients(solution, thetaGradient, field.params(), loss);
    sweep.run(trajectories, gradients);
    return gradients;
  }
}
