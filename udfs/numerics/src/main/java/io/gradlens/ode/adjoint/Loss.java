package io.gradlens.ode.adjoint;

import io.gradlens.ode.EventHit;
import java.util.List;

/** A loss that is a sum over trajectories, of anything at the times of each. */
@FunctionalInterface
public interface Loss {

  /**
   * The loss of one trajectory, and its gradient with respect to the trajectory's states.
   *
   * @param trajectory its number
   * @param ts its times, {@code [time]}
   * @param ys its states, {@code [time][dim]}; NaN at times after a terminal event
   * @param gradYs overwritten: ∂loss/∂y at every time, {@code [time][dim]}; zeros at first
   */
  double evaluate(int trajectory, double[] ts, double[] ys, double[] gradYs);

  /**
   * What a trajectory's events add to its loss, by their times τ and the states y⁻ that it came
   * with; nothing by default. It is called where there are events.
   *
   * @param trajectory its number
   * @param events its events, in the order of the solve
   * @param gradTimes overwritten: ∂loss/∂τ, {@code [event]}; zeros at first
   * @param gradStates overwritten: ∂loss/∂y⁻, {@code [event][dim]}; zeros at first
   */
  default double evaluateEvents(
      int trajectory, List<EventHit> events, double[] gradTimes, double[] gradStates) {
    return 0;
  }
}
