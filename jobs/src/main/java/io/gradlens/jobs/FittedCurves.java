package io.gradlens.jobs;

import io.gradlens.train.ObservedTrajectory;
import java.util.List;
import java.util.stream.IntStream;

/** Curves of what was learned through the observations of trajectories. */
interface FittedCurves {

  /** Points of a curve, enough for it to look smooth. */
  int POINTS = 2000;

  /**
   * A curve.
   *
   * @param t times, {@code [point]}
   * @param y states, {@code [point][dim]}; NaN where there is none
   */
  record Curve(double[] t, double[] y) {}

  /** The names of what is observed. */
  List<String> names();

  /**
   * The curve of a trajectory.
   *
   * @param number its place by order of id
   */
  Curve of(int number, ObservedTrajectory trajectory);

  /** Evenly from a point's time to the last. */
  static double[] times(ObservedTrajectory trajectory, int from) {
    double[] t = trajectory.t();
    double length = t[t.length - 1] - t[from];
    return IntStream.range(0, POINTS)
        .mapToDouble(j -> t[from] + length * j / (POINTS - 1))
        .toArray();
  }
}
