package io.gradlens.benchmarks;

import java.util.Locale;

/**
 * How much a second core gives to the whole {@code ode-gradients} job, beside what it gives to
 * solver and adjoint in two threads without Spark.
 *
 * <p>Arguments: {@code TRAJECTORIES ROUNDS}, for instance {@code 1000000 7}. A round takes all four
 * one after the other; one round more warms up.
 */
public final class TrajectoryScaling {

  private TrajectoryScaling() {}

  /** Measures; see the class. */
  public static void main(String[] args) throws Exception {
    int count = Integer.parseInt(args[0]);
    int rounds = Integer.parseInt(args[1]);
    GradientsJob job = GradientsJob.on(count);
    PlainGradients engine = new PlainGradients(count);
    Rounds rates = new Rounds();
    for (int round = -1; round < rounds; round++) {
      PlainGradients.Run[] plain = {engine.run(1), engine.run(2)};
      GradientsJob.Run[] jobs = {job.run("local[1]"), job.run("local[2]")};
      requireEqual(plain[0].meanLoss(), jobs[0].meanLoss());
      double[] each = {plain[0].rate(), plain[1].rate(), jobs[0].rate(), jobs[1].rate()};
      if (round >= 0) {
        rates.add(each);
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
    System.out.printf(
        Locale.ROOT,
        "%d trajectories, medians of %d rounds: engine %.0f and %.0f trajectories/s, x %.3f; job"
            + " %.0f and %.0f, x %.3f; the job scales to %.3f of the engine%n",
        count,
        rounds,
        rates.median(0),
        rates.median(1),
        rates.ratio(1, 0),
        rates.median(2),
        rates.median(3),
        rates.ratio(3, 2),
        rates.ratioOfRatios(1, 0, 3, 2));
  }

  /** Both have to have computed the same. */
  private static void requireEqual(double plain, double job) {
    if (!(Math.abs(plain - job) <= 1e-12 * Math.abs(plain))) {
      throw new IllegalStateException(
          "Mean loss %s without Spark, %s with it".formatted(plain, job));
    }
  }
}
