package io.gradlens.jobs;

import io.gradlens.trajectory.TrainingTrajectories;
import io.gradlens.trajectory.TrainingTruth;

/**
 * What a run of {@code ode-train} has read.
 *
 * @param trajectories to learn from, and those held out
 * @param counts of them
 * @param heldOut which are not learned from
 * @param truth of those that are held out; null where it is not known
 */
record TrainingData(
    TrainingTrajectories trajectories,
    TrainingTrajectories.Counts counts,
    HeldOut heldOut,
    TrainingTruth truth) {

  /** Forgets what was kept of them. */
  void forget() {
    trajectories.forget();
    if (truth != null) {
      truth.forget();
    }
  }
}
