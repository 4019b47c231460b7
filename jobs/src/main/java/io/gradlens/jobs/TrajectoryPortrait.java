package io.gradlens.jobs;

import io.gradlens.jobs.TrainingCharts.Curves;
import io.gradlens.train.ObservedTrajectory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A few trajectories in the plane of the first two states, or over time where there is one.
 *
 * @param fitted what was learned
 */
record TrajectoryPortrait(String title, FittedCurves fitted) implements TrainingPortrait {

  private static final int SHOWN = 6;

  @Override
  public int count() {
    return SHOWN;
  }

  @Override
  public byte[] png(List<ObservedTrajectory> shown) {
    List<double[][]> observed = new ArrayList<>();
    List<double[][]> curves = new ArrayList<>();
    for (int i = 0; i < shown.size(); i++) {
      ObservedTrajectory trajectory = shown.get(i);
      observed.add(finite(trajectory.t(), trajectory.y(), trajectory.dim()));
      FittedCurves.Curve curve = fitted.of(i, trajectory);
      double[][] drawn = finite(curve.t(), curve.y(), trajectory.dim());
      if (drawn[0].length > 0) {
        curves.add(drawn);
      }
    }
    List<String> names = fitted.names();
    boolean isPlane = names.size() > 1 && shown.stream().allMatch(each -> each.dim() > 1);
    return TrainingCharts.portrait(
        title,
        isPlane ? names.get(0) : "t",
        isPlane ? names.get(1) : names.get(0),
        new Curves(observed, curves));
  }

  /** The points that have both coordinates, {@code [x or y][point]}. */
  private static double[][] finite(double[] t, double[] y, int dim) {
    int[] points =
        IntStream.range(0, t.length)
            .filter(j -> Double.isFinite(y[j * dim]) && Double.isFinite(y[j * dim + other(dim)]))
            .toArray();
    double[][] drawn = new double[2][points.length];
    for (int i = 0; i < points.length; i++) {
      int j = points[i];
      drawn[0][i] = dim > 1 ? y[j * dim] : t[j];
      drawn[1][i] = y[j * dim + other(dim)];
    }
    return drawn;
  }

  private static int other(int dim) {
    return Math.min(1, dim - 1);
  }
}
