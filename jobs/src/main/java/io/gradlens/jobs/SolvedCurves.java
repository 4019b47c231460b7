package io.gradlens.jobs;

import io.gradlens.ode.Solution;
import io.gradlens.ode.Trajectories;
import io.gradlens.train.ObservedTrajectory;
import io.gradlens.trajectory.TrainingPlan;
import java.util.Arrays;
import java.util.List;

/**
 * Solutions of the field.
 *
 * @param learned the plan with what was learned
 * @param initial where trajectories begin, if not at their first complete observation; by number
 */
record SolvedCurves(TrainingPlan learned, List<double[]> initial) implements FittedCurves {

  @Override
  public List<String> names() {
    return learned.file().field().states();
  }

  @Override
  public Curve of(int number, ObservedTrajectory trajectory) {
    int dim = learned.file().field().dim();
    int observed = trajectory.dim();
    int from = initial.isEmpty() ? firstComplete(trajectory) : 0;
    double[] y0 =
        initial.isEmpty()
            ? Arrays.copyOf(
                Arrays.copyOfRange(trajectory.y(), from * observed, (from + 1) * observed), dim)
            : initial.get(number);
    double[] ts = FittedCurves.times(trajectory, from);
    Solution solution =
        learned.solve().solve(learned.file().field().build(), Trajectories.of(dim, y0, ts));
    double[] y = new double[ts.length * observed];
    for (int j = 0; j < ts.length; j++) {
      for (int k = 0; k < observed; k++) {
        y[j * observed + k] = solution.y(0, j, k);
      }
    }
    return new Curve(solution.times(0), y);
  }

  private static int firstComplete(ObservedTrajectory trajectory) {
    int from = 0;
    while (!isComplete(trajectory, from) && from < trajectory.points() - 2) {
      from++;
    }
    return from;
  }

  private static boolean isComplete(ObservedTrajectory trajectory, int point) {
    int dim = trajectory.dim();
    return Arrays.stream(trajectory.y(), point * dim, (point + 1) * dim).allMatch(Double::isFinite);
  }
}
