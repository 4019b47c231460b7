package io.gradlens.jobs;

import io.gradlens.train.ObservedTrajectory;
import io.gradlens.trajectory.TrainingPlan;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a latent ODE makes of observations.
 *
 * @param learned the plan with what was learned
 */
record PredictedCurves(TrainingPlan learned) implements FittedCurves {

  @Override
  public List<String> names() {
    return IntStream.rangeClosed(1, learned.observed()).mapToObj(i -> "y" + i).toList();
  }

  @Override
  public Curve of(int number, ObservedTrajectory trajectory) {
    double[] at = FittedCurves.times(trajectory, 0);
    return new Curve(
        at, learned.latentOde().predict(learned.theta(), trajectory.t(), trajectory.y(), at));
  }
}
