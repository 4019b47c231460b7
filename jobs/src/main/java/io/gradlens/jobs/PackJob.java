package io.gradlens.jobs;

import io.gradlens.UserInputException;
import io.gradlens.jobs.RunRecord.Counts;
import io.gradlens.jobs.RunRecord.Status;
import io.gradlens.udf.Settings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** One attempt of a run of {@code pack}: check, list, claim the output, then shard by shard. */
final class PackJob {
  private final PackCommand command;
  private final Configuration hadoop;
  private final Path output;

  PackJob(PackCommand command, Configuration hadoop) {
    this.command = command;
    this.hadoop = hadoop;
    output = new Path(command.run.output);
  }

  /**
   * @return the exit status
   * @throws UserInputException if images, labels or output cannot be used
   */
  int run() {
    Attempt attempt = new Attempt("pack", command.run, settings(), hadoop);
    Optional<RunRecord> previous = attempt.previous();
    if (previous.isPresent() && previous.get().status == Status.DONE && !command.run.overwrite) {
      System.out.printf(
          "Run %s in %s is done already; nothing to do. Use --overwrite to run it again.%n",
          previous.get().runId, output);
      return command.threshold.status(previous.get(), "cannot be read");
    }
    FileListing listing = FileListing.of(command.images, hadoop);
    if (listing.images().isEmpty()) {
      throw new UserInputException(
          "%s is a table already; pack is for image files.".formatted(command.images));
    }
    Labels labels = Labels.parse(command.labels, false, listing.root(), hadoop);
    try (SparkSession spark = SparkStart.session("pack", command.run.master, command.run.verbose)) {
      PackedTables tables = new PackedTables(spark, output);
      List<String> files =
          listing.images().subList(0, (int) Math.min(command.run.limit(), listing.images().size()));
      RunRecord record =
          attempt.run(
              spark,
              tables,
              Map.of(),
              begun -> {
                begun.maxFailureFraction = command.threshold.fraction;
                begun.imagesPerSecond = 0.0;
                begun.counts = new Counts(files.size(), 0, 0, listing.ignored(), 0);
              },
              (folder, heartbeat, begun, wasDone) ->
                  new PackLoop(spark, command, tables, folder, heartbeat, begun)
                      .run(files, labels));
      return report(record, tables);
    }
  }

  private Settings settings() {
    var settings = new TreeMap<>(command.run.settings());
    settings.put("images", command.run.location("images", command.images, hadoop));
    settings.put("labels", Labels.describe(command.labels, hadoop));
    settings.put("rows-per-file", Integer.toString(command.rowsPerFile));
    return new Settings(settings);
  }

  private int report(RunRecord record, PackedTables tables) {
    System.out.printf(
        "Packed %d of %d images (%d failed, %d done before, %d other files ignored), %.1f images/s.%n",
        record.counts.ok(),
        record.counts.input(),
        record.counts.failed(),
        record.counts.skipped(),
        record.counts.ignored(),
        record.imagesPerSecond);
    System.out.printf("images        %s%n", tables.imagesPath());
    System.out.printf("failures      %s%n", tables.failuresPath());
    System.out.printf("run           %s%n", new Path(output, RunFolder.RECORD));
    return command.threshold.status(record, "cannot be read");
  }
}
