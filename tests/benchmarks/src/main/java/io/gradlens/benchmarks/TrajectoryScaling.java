package io.gradlens.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/**
 * How much a second core gives to the whole {@code ode-gradients} job, beside what it gives to
 * solver and adjoint in two threads without Spark.
 *
 * <p>Arguments: {@code TRAJECTORIES ROUNDS}, for instance {@code 1000000 7}. A round takes all four
 * one after the other, so that what else the machine does falls on all; one round more warms up.
 * Ratios are medians of the rounds' own.
 */
public final class TrajectoryScaling {

  private TrajectoryScaling() {}

  /** Measures; see the class. */
  public static void main(String[] args) throws Exception {
    int count = Integer.parseInt(args[0]);
    int rounds = Integer.parseInt(args[1]);
    GradientsJob job = GradientsJob.on(count);
    PlainGradients engine = new PlainGradients(count);
    double[][] rates = new double[4][rounds];
    for (int round = -1; round < rounds; round++) {
      PlainGradients.Run[] plain = {engine.run(1), engine.run(2)};
      GradientsJob.Run[] jobs = {job.run("local[1]"), job.run("local[2]")};
      requireEqual(plain[0].meanLoss(), jobs[0].meanLoss());
      double[] each = {plain[0].rate(), plain[1].rate(), jobs[0].rate(), jobs[1].rate()};
      for (int i = 0; i < each.length && round >= 0; i++) {
        rates[i][round] = each[i];
      }
      System.out.printf(
          Locale.ROOT,
          "round %d: engine %.0f and %.0f trajectories/s (x %.3f), job %.0f and %.0f (x %.3f);"
              + " CPU of the jobs %.1f and %.1f s in %.1f and %.1f s%n",
          round,
          each[0],
          each[1],
          each[1] / each[0],
          each[2],
          each[3],
          each[3] / each[2],
          jobs[0].cpuSeconds(),
          jobs[1].cpuSeconds(),
          jobs[0].seconds(),
          jobs[1].seconds());
    }
    double[] scaling = ratios(rates[1], rates[0]);
    double[] jobScaling = ratios(rates[3], rates[2]);
    System.out.printf(
        Locale.ROOT,
        "%d trajectories, medians of %d rounds: engine %.0f and %.0f trajectories/s, x %.3f; job"
            + " %.0f and %.0f, x %.3f; the job scales to %.3f of the engine%n",
        count,
        rounds,
        median(rates[0]),
        median(rates[1]),
        median(scaling),
        median(rates[2]),
        median(rates[3]),
        median(jobScaling),
        median(ratios(jobScaling, scaling)));
  }

  /** Both have to have computed the same. */
  private static void requireEqual(double plain, double job) {
    if (!(Math.abs(plain - job) <= 1e-12 * Math.abs(plain))) {
      throw new IllegalStateException(
          "Mean loss %s without Spark, %s with it".formatted(plain, job));
    }
  }

  private static double[] ratios(double[] a, double[] b) {
    double[] ratios = new double[a.length];
    Arrays.setAll(ratios, i -> a[i] / b[i]);
    return ratios;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
