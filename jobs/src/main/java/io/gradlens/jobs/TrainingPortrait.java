package io.gradlens.jobs;

import io.gradlens.train.ObservedTrajectory;
import io.gradlens.trajectory.DensityLoss;
import io.gradlens.trajectory.LatentLoss;
import io.gradlens.trajectory.TrainingPlan;
import java.util.List;

/** What was learned beside what was observed, as a PNG file. */
interface TrainingPortrait {

  /** How many trajectories it wants to show. */
  int count();

  /** Draws them. */
  byte[] png(List<ObservedTrajectory> shown);

  /**
   * The one that suits a loss.
   *
   * @param initial where trajectories begin, if not at their first observation; by number
   */
  static TrainingPortrait of(TrainingPlan learned, List<double[]> initial) {
    if (learned.loss() instanceof DensityLoss) {
      return new DensityPortrait(learned);
    }
    if (learned.loss() instanceof LatentLoss) {
      return new TrajectoryPortrait("Reconstructed and observed", new PredictedCurves(learned));
    }
    return new TrajectoryPortrait("Fitted and observed", new SolvedCurves(learned, initial));
  }
}
