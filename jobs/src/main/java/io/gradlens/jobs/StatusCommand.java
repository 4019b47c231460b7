package io.gradlens.jobs;

import io.gradlens.UserInputException;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gradlens status DIR}: what became of a run. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    versionProvider = Gradlens.Version.class,
    description = "Tell the outcome of a run from its run.json.",
    footer = {
      "",
      "Exit status: that of the run once it has ended (0, 2, 3 or 4); 1 while it goes on; 2 where",
      "there is no run.json, for what fails before a run begins leaves none; 3 where the run's",
      "process is gone: start the command again, and it resumes."
    })
final class StatusCommand implements Callable<Integer> {

  @Parameters(paramLabel = "DIR", description = "The run's output folder.")
  String folder;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    RunRecord record =
        RunFolder.read(new Path(folder), SparkHadoopUtil.get().newConfiguration(new SparkConf()))
            .orElseThrow(
                () -> new UserInputException("There is no run.json in %s.".formatted(folder)));
    spec.commandLine().getOut().print(text(record));
    spec.commandLine().getOut().flush();
    return exitStatus(record);
  }

  /**
   * The run's own exit status. It is in run.json, because spark-submit returns 0 for most of what
   * happens to a driver in cluster mode.
   */
  static int exitStatus(RunRecord record) {
    if (record.status == RunRecord.Status.RUNNING) {
      return record.isAlive() ? ExitStatus.RUNNING : ExitStatus.INTERNAL_ERROR;
    }
    return Objects.requireNonNullElse(record.exitStatus, ExitStatus.INTERNAL_ERROR);
  }

  static String text(RunRecord record) {
    var counts = record.counts;
    var text = new StringBuilder();
    text.append(
        "run         %s, attempt %d (%s)%n"
            .formatted(record.runId, record.attempt, record.command));
    text.append("status      %s%n".formatted(outcome(record)));
    text.append("started     %s%n".formatted(record.start));
    text.append("ended       %s%n".formatted(record.end == null ? "-" : record.end));
    text.append(
        "%-11s %d input, %d ok, %d failed, %d ignored, %d skipped%n"
            .formatted(
                record.inputs(),
                counts.input(),
                counts.ok(),
                counts.failed(),
                counts.ignored(),
                counts.skipped()));
    text.append("shards      %d of %d%n".formatted(record.shardsDone, record.shards));
    text.append("rate        %.1f %s/s%n".formatted(record.rate(), record.inputs()));
    text.append("model       %s%n".formatted(record.modelSha256));
    text.append("config      %s%n".formatted(record.configSha256));
    if (record.dataFingerprint != null) {
      text.append("data        %s%n".formatted(record.dataFingerprint));
    }
    if (record.error != null) {
      text.append("error       %s%n".formatted(record.error));
    }
    return text.toString();
  }

  private static String outcome(RunRecord record) {
    if (record.status == RunRecord.Status.RUNNING) {
      return record.isAlive()
          ? "RUNNING (heartbeat %d s ago)".formatted(record.heartbeatAge())
          : "RUNNING, but its process is gone; start it again to resume";
    }
    boolean breached = record.status == RunRecord.Status.DONE && record.isBreached();
    return record.status + (breached ? ", with a threshold breached" : "");
  }
}
