package io.gradlens.jobs;

import io.gradlens.jobs.RunRecord.Counts;
import io.gradlens.jobs.RunRecord.Status;
import io.gradlens.model.NativeBackend;
import io.gradlens.udf.ExplainOptions;
import io.gradlens.udf.ExplainPlan;
import io.gradlens.udf.ModelCache;
import io.gradlens.udf.ModelFile;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** One attempt of a run of {@code explain}: check, list, claim the output, then shard by shard. */
final class ExplainJob {

  private final ExplainCommand command;
  private final ExplainOptions options;
  private final Configuration hadoop;
  private final Path output;

  ExplainJob(ExplainCommand command, ExplainOptions options, Configuration hadoop) {
    this.command = command;
    this.options = options;
    this.hadoop = hadoop;
    output = new Path(command.run.output);
  }

  /**
   * @return the exit status
   * @throws io.gradlens.UserInputException if model, images or output cannot be used
   */
  int run() {
    ModelFile file = ModelFile.locate(options.model(), hadoop);
    ExplainPlan plan;
    try (ModelCache.Lease lease = file.open()) {
      plan = ExplainPlan.resolve(options, file, lease.model());
    }
    Attempt attempt =
        new Attempt("explain", command.run, plan.configuration().with(inputSettings()), hadoop);
    Optional<RunRecord> previous = attempt.previous();
    if (previous.isPresent() && isDone(previous.get())) {
      return sayDone(previous.get());
    }
    FileListing listing = FileListing.of(command.images, hadoop);
    try (SparkSession spark =
        SparkStart.session("explain", command.run.master, command.run.verbose)) {
      // It would read a shard's rows in a job of its own to count them, not while they are
      // computed.
      spark.conf().set("spark.sql.adaptive.enabled", false);
      ImageSource source = source(spark, listing, plan);
      ResultTables tables = new ResultTables(spark, output);
      RunRecord record =
          attempt.run(
              spark,
              tables,
              Map.of("nd4j_backend", NativeBackend.describe(), "kernel", NativeBackend.kernels()),
              begun -> describe(begun, source, plan),
              (folder, heartbeat, begun, wasDone) ->
                  new ShardLoop(
                          spark, plan, tables, folder, heartbeat, begun, trust(begun, wasDone))
                      .run(source));
      return report(record, tables);
    }
  }

  /** What the rows depend on beside the model and its options. */
  private Map<String, String> inputSettings() {
    var values = new TreeMap<String, String>();
    values.put("images", command.run.location("images", command.images, hadoop));
    values.put("labels", Labels.describe(command.labels, hadoop));
    values.putAll(command.run.settings());
    return values;
  }

  private ImageSource source(SparkSession spark, FileListing listing, ExplainPlan plan) {
    long limit = command.run.limit();
    Portions usual = Portions.of(plan, spark.sparkContext().defaultParallelism());
    Portions portions = usual.withShard(command.run.shardSize(usual.shard()));
    boolean table = !listing.tables().isEmpty();
    Labels labels =
        Labels.parse(
            command.labels, table && TableImages.hasLabels(spark, listing), listing.root(), hadoop);
    return table
        ? TableImages.of(spark, listing, labels, limit, portions)
        : FileImages.of(listing, labels, limit, portions);
  }

  private boolean isDone(RunRecord record) {
    boolean retries = command.run.retryFailures && record.counts.failed() > 0;
    return record.status == Status.DONE && !command.run.overwrite && !retries;
  }

  private void describe(RunRecord record, ImageSource source, ExplainPlan plan) {
    record.modelSha256 = plan.model().sha256();
    record.maxFailureFraction = command.threshold.fraction;
    record.imagesPerSecond = 0.0;
    record.retrying |= command.run.retryFailures && record.attempt > 1;
    record.counts = new Counts(source.size(), 0, 0, source.ignored(), 0);
  }

  private static Resume.Trust trust(RunRecord record, boolean wasDone) {
    if (!record.retrying) {
      return Resume.Trust.SAME_BYTES;
    }
    return wasDone ? Resume.Trust.SAME_PATH_NO_FAILURES : Resume.Trust.SAME_BYTES_NO_FAILURES;
  }

  private int sayDone(RunRecord record) {
    System.out.printf(
        "Run %s in %s is done already (%d images, %d failed); nothing to do.%n"
            + "Use --overwrite to run it again, --retry-failures to try failed images again.%n",
        record.runId, output, record.counts.input(), record.counts.failed());
    return command.threshold.status(record, "failed");
  }

  private int report(RunRecord record, ResultTables tables) {
    System.out.printf(
        "Explained %d of %d images (%d failed, %d done before, %d other files ignored), %.1f images/s.%n",
        record.counts.ok(),
        record.counts.input(),
        record.counts.failed(),
        record.counts.skipped(),
        record.counts.ignored(),
        record.imagesPerSecond);
    System.out.printf("explanations  %s%n", tables.explanationsPath());
    System.out.printf("failures      %s%n", tables.failuresPath());
    System.out.printf("run           %s%n", new Path(output, RunFolder.RECORD));
    return command.threshold.status(record, "failed");
  }
}
