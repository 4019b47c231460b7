package io.gradlens.jobs;

import io.gradlens.UserInputException;
import io.gradlens.jobs.RunRecord.Status;
import io.gradlens.udf.Settings;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * One attempt of a run, of whatever command: checks the output, claims it, keeps run.json while the
 * work goes on, and marks the run as failed where it fails.
 */
final class Attempt {

  /** What a command does in a folder that is its own. */
  @FunctionalInterface
  interface Work {
    /**
     * @param wasDone whether the run was done before this attempt
     */
    void run(RunFolder folder, Heartbeat heartbeat, RunRecord record, boolean wasDone);
  }

  private final String command;
  private final RunOptions options;
  private final Settings settings;
  private final Configuration hadoop;
  private final Path output;

  Attempt(String command, RunOptions options, Settings settings, Configuration hadoop) {
    this.command = command;
    this.options = options;
    this.settings = settings;
    this.hadoop = hadoop;
    output = new Path(options.output);
  }

  /**
   * What an earlier run left here.
   *
   * @throws UserInputException if it still goes on, or has another configuration
   */
  Optional<RunRecord> previous() {
    Optional<RunRecord> previous = RunFolder.read(output, hadoop);
    RunFolder.check(output, previous, settings, options.overwrite);
    return previous;
  }

  /**
   * Does the work.
   *
   * @param versions what it runs on beside Spark and the JVM, by name
   * @param describe completes the record before it is written first
   * @return the record as it is in the end
   * @throws UserInputException if the output cannot be had, or a disk is full
   */
  RunRecord run(
      SparkSession spark,
      OutputTables tables,
      Map<String, String> versions,
      Consumer<RunRecord> describe,
      Work work) {
    if (options.redactPaths && !options.verbose) {
      // Spark would log the messages of tasks that fail, and those may name files.
      spark.sparkContext().setLogLevel("OFF");
    }
    try (RunFolder folder = RunFolder.claim(output, hadoop)) {
      return run(folder, spark, tables, versions, describe, work);
    } catch (Throwable e) {
      // Scala throws checked exceptions, such as SparkException, without declaring them.
      Optional<UserInputException> full = FullDisk.in(e, output);
      if (full.isPresent()) {
        throw full.get();
      }
      throw e;
    }
  }

  private RunRecord run(
      RunFolder folder,
      SparkSession spark,
      OutputTables tables,
      Map<String, String> versions,
      Consumer<RunRecord> describe,
      Work work) {
    previous();
    if (options.overwrite) {
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
    record.command = command;
    record.seed = options.seed;
    record.versions = Versions.all(spark.version(), versions);
    describe.accept(record);
    JobNames.begin(spark, record);
    try (Heartbeat heartbeat = new Heartbeat(folder, record)) {
      work(work, folder, heartbeat, record, wasDone);
    }
    return record;
  }

  private void work(
      Work work, RunFolder folder, Heartbeat heartbeat, RunRecord record, boolean wasDone) {
    try {
      work.run(folder, heartbeat, record, wasDone);
    } catch (Throwable e) {
      noteFailure(heartbeat, e);
      throw e;
    }
  }

  private void noteFailure(Heartbeat heartbeat, Throwable e) {
    Throwable told = FullDisk.in(e, output).<Throwable>map(full -> full).orElse(e);
    String plain = told == e ? e.toString() : told.getMessage();
    String error = options.redactPaths ? FailureText.nameless(told) : plain;
    try {
      heartbeat.update(failed -> failed.failed(error, ExitStatus.of(told)));
    } catch (RuntimeException unwritable) {
      // Its owner is gone in a moment, which says as much.
      e.addSuppressed(unwritable);
    }
  }
}
