package io.gradlens.jobs;

import io.gradlens.UserInputException;
import io.gradlens.jobs.RunRecord.Counts;
import io.gradlens.jobs.RunRecord.Status;
import io.gradlens.udf.Digests;
import io.gradlens.udf.ExplainOptions;
import io.gradlens.udf.ExplainPlan;
import io.gradlens.udf.ModelCache;
import io.gradlens.udf.ModelFile;
import io.gradlens.udf.Settings;
import java.io.IOException;
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
   * @throws UserInputException if model, images or output cannot be used
   */
  int run() {
    ModelFile file = ModelFile.locate(options.model(), hadoop);
    ExplainPlan plan;
    try (ModelCache.Lease lease = file.open()) {
      plan = ExplainPlan.resolve(options, file, lease.model());
    }
    Settings settings = plan.configuration().with(inputSettings());
    Optional<RunRecord> previous = RunFolder.read(output, hadoop);
    RunFolder.check(output, previous, settings, command.run.overwrite);
    if (previous.isPresent() && isDone(previous.get())) {
      return sayDone(previous.get());
    }
    FileListing listing = FileListing.of(command.images, hadoop);
    try (SparkSession spark =
        SparkStart.session("explain", command.run.master, command.run.verbose)) {
      ImageSource source = source(spark, listing);
      try (RunFolder folder = RunFolder.claim(output, hadoop)) {
        RunFolder.check(output, RunFolder.read(output, hadoop), settings, command.run.overwrite);
        return attempt(spark, source, folder, plan, settings);
      }
    }
  }

  /** What the rows depend on beside the model and its options. */
  private Map<String, String> inputSettings() {
    var values = new TreeMap<String, String>();
    String images = qualified(command.images);
    values.put("images", command.run.redactPaths ? "sha256:" + Digests.sha256(images) : images);
    values.put("labels", Labels.describe(command.labels, hadoop));
    values.put("limit", command.run.limit == null ? "none" : command.run.limit.toString());
    values.put("seed", Long.toString(command.run.seed));
    return values;
  }

  /** The same from whatever folder the command is started. */
  private String qualified(String location) {
    try {
      Path path = new Path(location);
      return path.getFileSystem(hadoop).makeQualified(path).toString();
    } catch (IOException e) {
      throw new UserInputException("Cannot list the images in %s: %s.".formatted(location, e), e);
    }
  }

  private ImageSource source(SparkSession spark, FileListing listing) {
    long limit = command.run.limit == null ? Long.MAX_VALUE : command.run.limit;
    boolean table = !listing.tables().isEmpty();
    Labels labels =
        Labels.parse(
            command.labels, table && TableImages.hasLabels(spark, listing), listing.root(), hadoop);
    return table
        ? TableImages.of(spark, listing, labels, limit, command.run.shardSize)
        : FileImages.of(listing, labels, limit, command.run.shardSize);
  }

  private boolean isDone(RunRecord record) {
    boolean retries = command.run.retryFailures && record.counts.failed() > 0;
    return record.status == Status.DONE && !command.run.overwrite && !retries;
  }

  private int attempt(
      SparkSession spark,
      ImageSource source,
      RunFolder folder,
      ExplainPlan plan,
      Settings settings) {
    ResultTables tables = new ResultTables(spark, output);
    if (command.run.overwrite) {
      folder.forget();
      tables.delete();
    } else if (RunFolder.read(output, hadoop).isEmpty() && tables.exist()) {
      throw new UserInputException(
          "Output %s holds tables but no run.json; choose another --output, or --overwrite."
              .formatted(output));
    }
    boolean wasDone =
        RunFolder.read(output, hadoop).filter(r -> r.status == Status.DONE).isPresent();
    RunRecord record = folder.begin(settings);
    record.command = "explain";
    record.modelSha256 = plan.model().sha256();
    record.seed = command.run.seed;
    record.maxFailureFraction = command.maxFailureFraction;
    record.versions = Versions.all(spark.version());
    record.retrying |= command.run.retryFailures && record.attempt > 1;
    record.counts = new Counts(source.size(), 0, 0, source.ignored(), 0);
    try (Heartbeat heartbeat = new Heartbeat(folder, record)) {
      try {
        new ShardLoop(spark, plan, tables, folder, heartbeat, record, trust(record, wasDone))
            .run(source);
      } catch (Throwable e) {
        // Scala throws checked exceptions, such as SparkException, without declaring them.
        heartbeat.update(
            failed -> {
              failed.status = Status.FAILED;
              failed.end = RunRecord.now();
              failed.error = e.toString();
            });
        throw e;
      }
    }
    return report(record, tables);
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
    return ExitStatus.DONE;
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
    if (record.isBreached()) {
      System.err.printf(
          "gradlens: %d of %d images failed, more than --max-failure-fraction %s allows; everything is written.%n",
          record.counts.failed(), record.counts.input(), record.maxFailureFraction);
      return ExitStatus.THRESHOLD_BREACHED;
    }
    return ExitStatus.DONE;
  }
}
