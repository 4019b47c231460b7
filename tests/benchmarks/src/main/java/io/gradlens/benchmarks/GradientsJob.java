package io.gradlens.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import io.gradlens.field.FieldFile;
import io.gradlens.field.FieldPrecision;
import io.gradlens.field.NetworkDescription;
import io.gradlens.jobs.Gradlens;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command {@code ode-gradients} on {@link SpiralPieces}, in this process: the network 2-50-2
 * with tanh on y³, dopri5, rtol 1e-7, atol 1e-9.
 *
 * @param table the pieces
 * @param field the network's file
 * @param output overwritten by every run
 */
record GradientsJob(Path table, Path field, Path output) {

  static final double RTOL = 1e-7;
  static final double ATOL = 1e-9;

  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  /**
   * A run.
   *
   * @param seconds from start to end
   * @param cpuSeconds of the whole process meanwhile
   * @param rate trajectories a second in the shards, without start and summary
   * @param kernelSeconds of the tasks' threads in solver and adjoint
   * @param meanLoss over all trajectories
   */
  record Run(
      double seconds, double cpuSeconds, double rate, double kernelSeconds, double meanLoss) {}

  /** Prepares a run on so many pieces. */
  static GradientsJob on(int count) throws IOException {
    Path folder = Path.of(System.getProperty("gradlens.bench", "target"));
    Path field = folder.resolve("spiral-network");
    new FieldFile(new NetworkDescription(Spiral.NET, theta(), FieldPrecision.FLOAT64), List.of())
        .write(field);
    return new GradientsJob(
        SpiralPieces.table(folder, count),
        field.resolve("field.json"),
        Files.createTempDirectory(folder, "job-"));
  }

  /** The network's weights: as drawn, not trained. */
  static double[] theta() {
    return Spiral.NET.normal(0.1, 0);
  }

  /**
   * Runs it once.
   *
   * @throws IllegalStateException if the command fails
   */
  Run run(String master, String... options) throws IOException {
    List<String> args =
        new ArrayList<>(
            List.of(
                "ode-gradients",
                "--trajectories=" + table,
                "--field=" + field,
                "--rtol=" + RTOL,
                "--atol=" + ATOL,
                "--master=" + master,
                "--overwrite",
                "--output=" + output));
    args.addAll(List.of(options));
    long start = System.nanoTime();
    long cpu = SYSTEM.getProcessCpuTime();
    int status = Gradlens.run(args.toArray(String[]::new));
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpuSeconds = (SYSTEM.getProcessCpuTime() - cpu) / 1e9;
    if (status != 0) {
      throw new IllegalStateException("The job ended with exit status " + status);
    }
    JsonNode summary = new ObjectMapper().readTree(output.resolve("summary.json").toFile());
    return new Run(
        seconds,
        cpuSeconds,
        summary.get("trajectories_per_second").asDouble(),
        summary.get("kernel_cpu_seconds").asDouble(),
        summary.get("loss").get("mean").asDouble());
  }
}
