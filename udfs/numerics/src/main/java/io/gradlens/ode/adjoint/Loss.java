package io.gradlens.ode.adjoint;

/** A loss that is a sum over trajectories, of anything at the times of each. */
@FunctionalInterface
public interface Loss {

  /**
   * The loss of one trajectory, and its gradient with respect to the trajectory's states.
   *
   * @param trajectory its number
   * @param ts its times, {@code [time]}
   * @param ys its states, {@code [time][dim]}
   * @param gradYs overwritten: ∂loss/∂y at every time, {@code [time][dim]}; zeros at first
   */
  double evaluate(int trajectory, double[] ts, double[] ys, double[] gradYs);
}
