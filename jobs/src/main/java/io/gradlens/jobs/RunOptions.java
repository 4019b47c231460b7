package io.gradlens.jobs;

import io.gradlens.UserInputException;
import io.gradlens.udf.Naming;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of every command that runs on Spark and writes a result. */
final class RunOptions {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "HOCON file whose keys are the long option names; the command line wins.")
  String config;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Folder for the tables and run.json; a run that was interrupted resumes there.")
  String output;

  @Option(
      names = "--master",
      paramLabel = "URL",
      description = "Spark master. Default: local[*], or what spark-submit says.")
  String master;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Seed of whatever is random; recorded with the run. Default: 0.")
  long seed;

  @Option(names = "--limit", paramLabel = "N", description = "Take the first N inputs only.")
  Long limit;

  @Option(
      names = "--overwrite",
      arity = "0..1",
      fallbackValue = "true",
      defaultValue = "false",
      description = "Delete the results of the run in the output folder first.")
  boolean overwrite;

  @Option(
      names = "--retry-failures",
      arity = "0..1",
      fallbackValue = "true",
      defaultValue = "false",
      description = "Try the failed inputs of the run in the output folder again.")
  boolean retryFailures;

  @Option(
      names = "--redact-paths",
      arity = "0..1",
      fallbackValue = "true",
      defaultValue = "false",
      description = "Write digests in place of paths, and tell errors without names of files.")
  boolean redactPaths;

  @Option(
      names = "--shard-size",
      paramLabel = "N",
      description =
          "Inputs between two commits; a killed run loses at most these."
              + " Default: 5000 images of 224x224, more of smaller ones or on more than 10 cores"
              + " (of files 500 at first); 1000000 trajectories.")
  Integer shardSize;

  @Option(
      names = "--verbose",
      arity = "0..1",
      fallbackValue = "true",
      defaultValue = "false",
      description = "Show Spark's log.")
  boolean verbose;

  @Spec(Spec.Target.MIXEE)
  CommandSpec command;

  /**
   * Refuses a command line without an option. Not picocli's own check, which would complain of it
   * before it names an unknown option.
   */
  void require(String option, String value) {
    if (value == null) {
      throw new ParameterException(command.commandLine(), "Missing option: " + option);
    }
  }

  /**
   * Checks what holds for all commands.
   *
   * @throws UserInputException if a number is out of range
   */
  void check() {
    if ((shardSize != null && shardSize < 1) || (limit != null && limit < 1)) {
      throw new UserInputException("Options --shard-size and --limit must be at least 1.");
    }
  }

  int shardSize(int otherwise) {
    return shardSize == null ? otherwise : shardSize;
  }

  long limit() {
    return limit == null ? Long.MAX_VALUE : limit;
  }

  /** What tables and messages call an image. */
  Naming naming() {
    return redactPaths ? Naming.DIGEST : Naming.PATH;
  }

  /** What rows depend on, by option name. */
  Map<String, String> settings() {
    return Map.of("limit", limit == null ? "none" : limit.toString(), "seed", Long.toString(seed));
  }

  /**
   * Where inputs are, the same from whatever folder the command is started, as the configuration
   * records it.
   *
   * @param what the inputs are, for the message
   */
  String location(String what, String given, Configuration hadoop) {
    try {
      Path path = new Path(given);
      return naming().uri(path.getFileSystem(hadoop).makeQualified(path).toString());
    } catch (IOException e) {
      throw new UserInputException("Cannot list the %s in %s: %s.".formatted(what, given, e), e);
    }
  }
}
