package io.gradlens.ode;

import io.gradlens.kernel.Real;

/** Follows a solve step by step, as an adjoint does that will go back over it. */
@Real
public interface StepObserver {

  /**
   * Begins.
   *
   * @param dim components of a state
   * @param lanes how many trajectories are worked on at one time
   */
  void begin(int dim, int lanes);

  /**
   * A lane takes up a trajectory.
   *
   * @param slopes f at its start stands in this lane, {@code [d][n]}
   */
  void started(Lanes lanes, int lane, @Real double[] slopes);

  /**
   * A lane's trajectory has come to an event, or to a time where f jumps, at the end of a step.
   *
   * @param hit the event; null for a jump
   * @param before f with which it came, {@code [d][n]}; only this lane counts
   * @param after f with which it goes on from the lane's time and state, {@code [d][n]}; null if it
   *     has ended, or goes on as it came
   */
  void event(Lanes lanes, int lane, EventHit hit, @Real double[] before, @Real double[] after);

  /**
   * The tape that evaluations go to, stage i of a step to slot {@link #slot} + i; null where the
   * observer needs none.
   */
  Tape tape();

  /** The slot of the first stage of the step that comes next. */
  int slot();

  /**
   * At least one lane's step is accepted.
   *
   * @param k f at the stages of every lane's step, {@code [stage][d][n]}; those that only the dense
   *     output needs are there if a time of the trajectory's lies within the step
   */
  void accepted(Lanes lanes, @Real double[][] k);
}
