package io.gradlens.jobs;

import picocli.CommandLine.Option;

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
      description = "Write digests in place of paths.")
  boolean redactPaths;

  @Option(
      names = "--shard-size",
      paramLabel = "N",
      defaultValue = "5000",
      description = "Inputs between two commits; a killed run loses at most these. Default: 5000.")
  int shardSize;

  @Option(
      names = "--verbose",
      arity = "0..1",
      fallbackValue = "true",
      defaultValue = "false",
      description = "Show Spark's log.")
  boolean verbose;
}
