package io.gradlens.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * The whole {@code ode-gradients} job on pieces of the spiral, from Parquet to Parquet: the time of
 * the run without start-up, and the share of processor time that is not solver and adjoint.
 *
 * <p>Arguments: {@code TRAJECTORIES MASTER [OPTION …]}, for instance {@code 1000000 local[2]}. The
 * pieces are written once, to eight files.
 */
public final class TrajectoryJobBenchmark {

  private TrajectoryJobBenchmark() {}

  /** Runs one job twice, the first time to warm up; see the class. */
  public static void main(String[] args) throws Exception {
    int count = Integer.parseInt(args[0]);
    GradientsJob job = GradientsJob.on(count);
    for (int round = 1; round <= 2; round++) {
      GradientsJob.Run run = job.run(args[1], Arrays.copyOfRange(args, 2, args.length));
      double kernel = run.kernelSeconds();
      System.out.printf(
          Locale.ROOT,
          "round %d, %d trajectories, %s: %.1f s in all, %.0f trajectories/s in the shards;"
              + " CPU %.1f s, of it solver and adjoint %.1f s (%.2f us a trajectory), all else"
              + " %.2f us a trajectory; peak resident memory %d MB%n",
          round,
          count,
          args[1],
          run.seconds(),
          run.rate(),
          run.cpuSeconds(),
          kernel,
          1e6 * kernel / count,
          1e6 * (run.cpuSeconds() - kernel) / count,
          peakMegabytes());
    }
  }

  private static long peakMegabytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
      }
    }
    return 0;
  }
}
