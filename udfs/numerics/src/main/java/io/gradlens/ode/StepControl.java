package io.gradlens.ode;

/** Whose step size a batch takes. */
public enum StepControl {
  /**
   * Every trajectory has its own time and step size. A lane takes up the next trajectory when its
   * own ends, and a trajectory's result does not depend on what else is in the batch. The last step
   * is shortened to end where the trajectory ends.
   */
  PER_TRAJECTORY,
  /**
   * One step size for the batch, from the root mean square of all errors, and a last step that goes
   * past the end and is interpolated: torchdiffeq's convention. All trajectories need the same
   * times.
   */
  SHARED
}
