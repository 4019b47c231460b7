package io.gradlens.jobs;

import org.apache.spark.sql.SparkSession;

/** What Spark's pages and its event log call the jobs of a run. */
final class JobNames {

  private JobNames() {}

  /** Groups what the calling thread will start by the run, named after its command. */
  static void begin(SparkSession spark, RunRecord record) {
    spark.sparkContext().setJobGroup(record.runId, record.command, false);
  }

  /**
   * Names what the calling thread will start after a shard: {@code explain shard 3 of 12}.
   *
   * @param number from 1
   */
  static void shard(SparkSession spark, RunRecord record, int number, int shards) {
    spark
        .sparkContext()
        .setJobDescription("%s shard %d of %d".formatted(record.command, number, shards));
  }

  /** Names what is done with all shards together. */
  static void end(SparkSession spark, RunRecord record) {
    spark.sparkContext().setJobDescription(record.command);
  }
}
