package io.gradlens.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradlens.metrics.WorkMetrics;
import io.gradlens.udf.TestPictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What tasks have done is in Spark's event log and goes to its metrics sinks. */
class WorkMetricsTest {

  @TempDir private Path folder;

  /** The last line of every meter's file, by the meter's name: time, count, rates a second. */
  private static Map<String, String[]> meters(Path csv) throws IOException {
    Map<String, String[]> meters = new HashMap<>();
    String source = ".driver.plugin." + WorkMetrics.class.getName() + ".";
    try (var files = Files.list(csv)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.contains(source)) {
          List<String> lines = Files.readAllLines(file);
          meters.put(
              name.substring(name.indexOf(source) + source.length()).replace(".csv", ""),
              lines.get(lines.size() - 1).split(","));
        }
      }
    }
    return meters;
  }

  private static long count(Map<String, String[]> meters, String name) {
    return Long.parseLong(meters.get(name)[1]);
  }

  @Test
  void imagesAreCountedByTheSinksAndInTheEventLog() throws Exception {
    try (Workspace work = new Workspace(folder).withPictures(5)) {
      work.write("bad.png", new byte[] {1});
      Path log = folder.resolve("log");
      assertThat(explain(work, folder.resolve("first"), folder.resolve("other-log"))).isZero();
      // Meters count as long as their JVM lives.
      Map<String, String[]> before = meters(folder.resolve("first"));

      assertThat(explain(work, folder.resolve("csv"), log)).isZero();

      Map<String, String[]> after = meters(folder.resolve("csv"));
      assertThat(count(after, "images") - count(before, "images")).isEqualTo(6);
      assertThat(count(after, "images_failed") - count(before, "images_failed")).isEqualTo(1);
      assertThat(Double.parseDouble(after.get("images")[2])).as("images a second").isPositive();
      assertThat(after).containsKeys("images_learned", "trajectories", "trajectories_failed");
      RunRecord.Counts counts = work.record().counts;
      assertThat(counts.input()).isEqualTo(6);
      assertThat(new EventLog(log).sum("images")).isEqualTo(counts.input());
      assertThat(new EventLog(log).sum("failed")).isEqualTo(counts.failed()).isEqualTo(1);
    }
  }

  /** Meters go to files in a folder. */
  private static SparkSettings sink(Path csv) throws IOException {
    Map<String, String> sink = new HashMap<>();
    sink.put("spark.metrics.conf.*.sink.csv.class", "org.apache.spark.metrics.sink.CsvSink");
    sink.put("spark.metrics.conf.*.sink.csv.directory", Files.createDirectory(csv).toString());
    return new SparkSettings(sink);
  }

  private static int explain(Workspace work, Path csv, Path log) throws IOException {
    try (SparkSettings metrics = sink(csv);
        SparkSettings events = EventLog.on(log)) {
      return work.explain("--overwrite", "--max-failure-fraction", "1", "--shard-size", "4");
    }
  }

  @Test
  void trajectoriesAreInTheEventLog() throws Exception {
    TrajectoryWorkspace work = new TrajectoryWorkspace(folder);
    List<Row> rows = TrajectoryWorkspace.trajectories(7);
    rows.add(TrajectoryWorkspace.row("nan", new double[] {0, 1}, nan(), nan()));
    Path table = work.csv("trajectories.csv", rows);
    Path field = work.network();
    Path log = folder.resolve("log");
    try (SparkSettings events = EventLog.on(log)) {
      int status =
          work.run(
              "ode-gradients",
              "--field",
              field,
              "--trajectories",
              table,
              TrajectoryWorkspace.TOLERANCES);
      assertThat(status).as(work.err).isZero();
    }

    RunRecord.Counts counts = work.record().counts;
    assertThat(counts.input()).isEqualTo(8);
    assertThat(new EventLog(log).sum("trajectories")).isEqualTo(counts.input());
    assertThat(new EventLog(log).sum("failed")).isEqualTo(counts.failed()).isEqualTo(1);
  }

  private static double[] nan() {
    return new double[] {Double.NaN, Double.NaN};
  }

  @ParameterizedTest
  @ValueSource(strings = {"driver", "executors"})
  void windowsThatAFieldLearnsFromAreCountedByTheSinks(String where) throws Exception {
    TrajectoryWorkspace work = new TrajectoryWorkspace(folder);
    Path table = work.csv("trajectories.csv", TrajectoryWorkspace.trajectories(7));
    Path field = work.network();
    assertThat(odeTrain(work, field, table, where, folder.resolve("first"))).isZero();
    Map<String, String[]> before = meters(folder.resolve("first"));

    int status = odeTrain(work, field, table, where, folder.resolve("csv"));

    assertThat(status).as(work.err).isZero();
    Map<String, String[]> after = meters(folder.resolve("csv"));
    assertThat(count(after, "windows_learned") - count(before, "windows_learned"))
        .as("5 iterations of 3 windows")
        .isEqualTo(15);
  }

  private static int odeTrain(
      TrajectoryWorkspace work, Path field, Path table, String where, Path csv) throws IOException {
    try (SparkSettings metrics = sink(csv)) {
      return work.run(
          "ode-train",
          "--field",
          field,
          "--trajectories",
          table,
          TrajectoryWorkspace.TOLERANCES,
          "--iterations",
          "5",
          "--batch",
          "3",
          "--train-on",
          where,
          "--overwrite");
    }
  }

  @Test
  void imagesToLearnFromAreInTheEventLog() throws Exception {
    try (Workspace work = new Workspace(folder)) {
      for (int i = 0; i < 16; i++) {
        work.write("%s/%02d.png".formatted(i % 2 == 0 ? "a" : "b", i), TestPictures.noise(i));
      }
      work.write("a/bad.png", new byte[] {1});
      Path log = folder.resolve("log");
      try (SparkSettings events = EventLog.on(log)) {
        List<String> options =
            List.of(
                "train",
                "--images",
                work.images.toString(),
                "--output",
                work.output.toString(),
                "--master",
                "local[2]",
                "--preprocess",
                "unit",
                "--input-size",
                "16x16",
                "--architecture",
                "lenet",
                "--epochs",
                "1",
                "--validation-fraction",
                "0",
                "--max-failure-fraction",
                "1");
        assertThat(work.run(options.toArray(String[]::new))).as(work.err).isZero();
      }

      RunRecord.Counts counts = work.record().counts;
      assertThat(counts.input()).isEqualTo(17);
      assertThat(new EventLog(log).sum("images")).isEqualTo(counts.input());
      assertThat(new EventLog(log).sum("failed")).isEqualTo(counts.failed()).isEqualTo(1);
    }
  }
}
