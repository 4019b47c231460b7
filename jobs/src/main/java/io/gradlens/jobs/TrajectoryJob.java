package io.gradlens.jobs;

import io.gradlens.UserInputException;
import io.gradlens.jobs.RunRecord.Counts;
import io.gradlens.jobs.RunRecord.Status;
import io.gradlens.trajectory.InputTable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** One attempt of a run over trajectories: check, claim the output, then shard by shard. */
final class TrajectoryJob<T extends InputTable<T>> {

  /** So many stream through one job of Spark's. */
  static final int TRAJECTORIES_A_SHARD = 1_000_000;

  private final TrajectoryWork<T> work;
  private final RunOptions options;
  private final Configuration hadoop;
  private final Path output;

  TrajectoryJob(TrajectoryWork<T> work, RunOptions options, Configuration hadoop) {
    this.work = work;
    this.options = options;
    this.hadoop = hadoop;
    output = new Path(options.output);
  }

  /**
   * @return the exit status
   * @throws UserInputException if field, inputs or output cannot be used
   */
  int run() {
    if (options.retryFailures) {
      throw new UserInputException(
          "Option --retry-failures does nothing for %s, where the same inputs fail the same way: mend them, and --overwrite."
              .formatted(work.command()));
    }
    Attempt attempt = new Attempt(work.command(), options, work.settings(), hadoop);
    Optional<RunRecord> previous = attempt.previous();
    if (previous.isPresent() && previous.get().status == Status.DONE && !options.overwrite) {
      return sayDone(previous.get());
    }
    try (SparkSession spark = SparkStart.session(work.command(), options.master, options.verbose)) {
      InputShards<T> inputs = work.inputs(spark);
      var table = new TrajectoryOutput(spark, output, work.table(), work.schema());
      Map<String, Object> summary = new LinkedHashMap<>();
      RunRecord record =
          attempt.run(
              spark,
              table,
              Map.of("engine", "java"),
              begun -> describe(begun, inputs),
              (folder, heartbeat, begun, wasDone) ->
                  summary.putAll(
                      new TrajectoryLoop<>(spark, work, table, folder, heartbeat, begun)
                          .run(inputs)));
      return report(record, table, summary);
    }
  }

  private void describe(RunRecord record, InputShards<T> inputs) {
    record.modelSha256 = work.fieldSha256();
    record.maxFailureFraction = 1;
    record.trajectoriesPerSecond = 0.0;
    record.counts = new Counts(inputs.size(), 0, 0, work.ignored(), 0);
  }

  private int sayDone(RunRecord record) {
    System.out.printf(
        "Run %s in %s is done already (%d trajectories, %d failed); nothing to do.%n"
            + "Use --overwrite to run it again.%n",
        record.runId, output, record.counts.input(), record.counts.failed());
    return status(record);
  }

  private int report(RunRecord record, TrajectoryOutput table, Map<String, Object> summary) {
    var counts = record.counts;
    System.out.printf(
        "%s %d of %d trajectories (%d with another status, %d done before), %.0f trajectories/s.%n",
        Character.toUpperCase(work.verb().charAt(0)) + work.verb().substring(1),
        counts.ok(),
        counts.input(),
        counts.failed(),
        counts.skipped(),
        record.trajectoriesPerSecond);
    System.out.printf("%-22s%s%n", "statuses", statuses(summary));
    work.highlights(summary).forEach((what, text) -> System.out.printf("%-22s%s%n", what, text));
    System.out.printf("%-22s%s%n", work.table(), table.path());
    System.out.printf("%-22s%s%n", "summary", new Path(output, TrajectoryLoop.SUMMARY));
    System.out.printf("%-22s%s%n", "run", new Path(output, RunFolder.RECORD));
    return status(record);
  }

  private static String statuses(Map<String, Object> summary) {
    return ((Map<?, ?>) summary.get("statuses"))
        .entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .collect(Collectors.joining(", "));
  }

  private int status(RunRecord record) {
    String breach = work.breach(record);
    if (breach == null) {
      return ExitStatus.DONE;
    }
    System.err.println("gradlens: " + breach);
    return ExitStatus.THRESHOLD_BREACHED;
  }
}
