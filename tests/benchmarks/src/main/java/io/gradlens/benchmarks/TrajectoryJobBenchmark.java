package io.gradlens.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import io.gradlens.field.FieldFile;
import io.gradlens.field.FieldPrecision;
import io.gradlens.field.NetworkDescription;
import io.gradlens.jobs.Gradlens;
import io.gradlens.ode.Trajectories;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * The whole {@code ode-gradients} job on pieces of the spiral, from Parquet to Parquet: the time of
 * the run without start-up, and the share of processor time that is not solver and adjoint.
 *
 * <p>Arguments: {@code TRAJECTORIES MASTER [OPTION …]}, for instance {@code 1000000 local[2]}. The
 * pieces are written once, to eight files.
 */
public final class TrajectoryJobBenchmark {

  private static final int FILES = 8;

  private static final MessageType NESTED =
      MessageTypeParser.parseMessageType(
          """
          message trajectories {
            required binary trajectory_id (STRING);
            required group t (LIST) {
              repeated group list { required double element; }
            }
            required group y (LIST) {
              repeated group list {
                required group element (LIST) {
                  repeated group list { required double element; }
                }
              }
            }
          }
          """);

  private TrajectoryJobBenchmark() {}

  /** Runs one job twice, the first time to warm up; see the class. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(System.getProperty("gradlens.bench", "target"));
    int count = Integer.parseInt(args[0]);
    Path table = trajectories(folder.resolve("trajectories-" + count), count);
    Path field = folder.resolve("spiral-network");
    new FieldFile(
            new NetworkDescription(Spiral.NET, Spiral.NET.normal(0.1, 0), FieldPrecision.FLOAT64),
            List.of())
        .write(field);
    Path output = Files.createTempDirectory(folder, "job-");
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    String[] command = {
      "ode-gradients",
      "--trajectories=" + table,
      "--field=" + field.resolve("field.json"),
      "--rtol=1e-7",
      "--atol=1e-9",
      "--master=" + args[1],
      "--overwrite",
      "--output=" + output
    };
    String[] all = Arrays.copyOf(command, command.length + args.length - 2);
    System.arraycopy(args, 2, all, command.length, args.length - 2);
    for (int round = 1; round <= 2; round++) {
      long start = System.nanoTime();
      long cpu = system.getProcessCpuTime();
      int status = Gradlens.run(all);
      double seconds = (System.nanoTime() - start) / 1e9;
      double cpuSeconds = (system.getProcessCpuTime() - cpu) / 1e9;
      JsonNode summary = new ObjectMapper().readTree(output.resolve("summary.json").toFile());
      double kernel = summary.get("kernel_cpu_seconds").asDouble();
      System.out.printf(
          Locale.ROOT,
          "round %d, exit %d, %d trajectories, %s: %.1f s in all, %.0f trajectories/s in the shards;"
              + " CPU %.1f s, of it solver and adjoint %.1f s (%.2f us a trajectory), all else"
              + " %.2f us a trajectory; peak resident memory %d MB%n",
          round,
          status,
          count,
          args[1],
          seconds,
          summary.get("trajectories_per_second").asDouble(),
          cpuSeconds,
          kernel,
          1e6 * kernel / count,
          1e6 * (cpuSeconds - kernel) / count,
          peakMegabytes());
    }
  }

  private static Path trajectories(Path folder, int count) throws IOException {
    if (Files.exists(folder)) {
      return folder;
    }
    Path unfinished = Files.createDirectories(folder.resolveSibling(folder.getFileName() + ".tmp"));
    int aFile = (count + FILES - 1) / FILES;
    for (int file = 0; file < FILES; file++) {
      write(
          unfinished.resolve("part-%d.parquet".formatted(file)),
          file * aFile,
          Math.min(aFile, count - file * aFile));
    }
    return Files.move(unfinished, folder);
  }

  private static void write(Path file, int first, int count) throws IOException {
    Spiral spiral = Spiral.draw(count, first);
    Trajectories pieces = spiral.trajectories();
    int numbers = spiral.targets().length / count;
    try (var writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toAbsolutePath().toUri()))
            .withConf(new Configuration())
            .withType(NESTED)
            .build()) {
      for (int i = 0; i < count; i++) {
        Group row = new SimpleGroupFactory(NESTED).newGroup();
        row.add("trajectory_id", "piece-%08d".formatted(first + i));
        Group times = row.addGroup("t");
        Group states = row.addGroup("y");
        for (int j = 0; j < pieces.times(i).length; j++) {
          times.addGroup("list").add("element", pieces.times(i)[j]);
          Group state = states.addGroup("list").addGroup("element");
          for (int d = 0; d < 2; d++) {
            state.addGroup("list").add("element", spiral.targets()[i * numbers + 2 * j + d]);
          }
        }
        writer.write(row);
      }
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
