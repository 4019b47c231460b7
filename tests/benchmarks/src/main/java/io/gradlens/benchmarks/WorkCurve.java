package io.gradlens.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Error against time for one way to solve a problem.
 *
 * @param solver the method, which gives the curve its colour
 * @param variant what tells it from others of that method, empty where nothing does
 * @param points in the order of the settings
 */
record WorkCurve(String solver, String variant, List<Point> points) {

  /**
   * One computation.
   *
   * @param setting tolerance or number of steps
   * @param error relative, NaN where the solve failed
   * @param seconds of CPU time
   */
  record Point(String setting, double error, double seconds) {}

  /** What is to be computed, by setting. */
  record Plan(String solver, String variant, Map<String, Supplier<double[]>> computations) {

    Plan(String solver, String variant) {
      this(solver, variant, new LinkedHashMap<>());
    }

    /** Errors and times; a computation that fails is not timed. */
    WorkCurve measure(double[] exact, double secondsAPoint) {
      List<Point> points = new ArrayList<>();
      computations.forEach(
          (setting, computation) -> {
            double error = WorkProblem.relativeError(computation.get(), exact);
            boolean isSolved = Double.isFinite(error);
            points.add(
                new Point(
                    setting,
                    error,
                    isSolved ? CpuTime.median(computation::get, secondsAPoint) : Double.NaN));
          });
      return new WorkCurve(solver, variant, points);
    }
  }
}
