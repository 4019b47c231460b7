package io.gradlens.jobs;

import static org.apache.spark.sql.functions.col;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.gradlens.jobs.RunRecord.Counts;
import io.gradlens.ode.SolveStatus;
import io.gradlens.trajectory.InputTable;
import io.gradlens.trajectory.Tally;
import io.gradlens.trajectory.TrajectorySchemas;
import io.gradlens.udf.RunIdentity;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Computes shard after shard and commits each by one append. Trajectories stream from the input's
 * files to the table's; what an earlier attempt has written is read for the fingerprint only. In
 * the end the summary is made of the table.
 */
final class TrajectoryLoop<T extends InputTable<T>> {

  static final String SUMMARY = "summary.json";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final SparkSession spark;
  private final TrajectoryWork<T> work;
  private final TrajectoryOutput table;
  private final RunFolder folder;
  private final Heartbeat heartbeat;
  private final RunRecord record;
  private final Tally tally = new Tally();
  private final long startNanos = System.nanoTime();
  private long okBefore;
  private long failedBefore;

  TrajectoryLoop(
      SparkSession spark,
      TrajectoryWork<T> work,
      TrajectoryOutput table,
      RunFolder folder,
      Heartbeat heartbeat,
      RunRecord record) {
    this.spark = spark;
    this.work = work;
    this.table = table;
    this.folder = folder;
    this.heartbeat = heartbeat;
    this.record = record;
    spark.sparkContext().register(tally, "trajectories");
  }

  /** Returns what the summary says. */
  Map<String, Object> run(InputShards<T> inputs) {
    table.recover();
    boolean isResumed = record.attempt > 1 && table.exist();
    if (isResumed) {
      statuses().forEach(this::before);
    }
    RunIdentity identity = new RunIdentity(record.runId, record.attempt, record.configSha256);
    try (var progress = Progress.onStderr(work.verb(), "trajectories", inputs.size(), this::seen)) {
      int number = 0;
      for (InputShards.Shard<T> shard : inputs.shards()) {
        JobNames.shard(spark, record, ++number, inputs.shards().size());
        T left = isResumed ? shard.table().without(table.ids()) : shard.table();
        long before = seen();
        folder.checkOwnership();
        table.append(work.results(left, identity, tally));
        if (seen() - before != shard.size()) {
          throw new IllegalStateException(
              "A shard of %d trajectories has results for %d"
                  .formatted(shard.size(), seen() - before));
        }
        commit(number, inputs.shards().size());
      }
    }
    JobNames.end(spark, record);
    return end();
  }

  private void before(String status, long count) {
    if (isOk(status)) {
      okBefore += count;
    } else {
      failedBefore += count;
    }
  }

  private static boolean isOk(String status) {
    return status.equals(SolveStatus.SUCCESS.name())
        || status.equals(SolveStatus.TERMINATED.name());
  }

  private long seen() {
    return tally.value();
  }

  private void commit(int number, int shards) {
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    heartbeat.update(
        r -> {
          r.counts =
              new Counts(
                  r.counts.input(),
                  okBefore + tally.ok(),
                  failedBefore + tally.failed(),
                  r.counts.ignored(),
                  tally.skipped());
          r.shards = shards;
          r.shardsDone = number;
          r.trajectoriesPerSecond = (tally.ok() + tally.failed()) / seconds;
        });
  }

  private Map<String, Object> end() {
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("command", work.command());
    summary.put("run_id", record.runId);
    summary.put("trajectories", record.counts.input());
    summary.put("statuses", statuses());
    summary.put("trajectories_per_second", record.trajectoriesPerSecond);
    summary.put("kernel_cpu_seconds", tally.kernelSeconds());
    summary.putAll(work.summary(table.rows(), record));
    folder.replace(SUMMARY, json(summary));
    heartbeat.update(
        r -> {
          r.dataFingerprint = tally.fingerprint().toString();
          r.done();
        });
    return summary;
  }

  /** How many rows have which status, in order. */
  private Map<String, Long> statuses() {
    Map<String, Long> statuses = new TreeMap<>();
    for (Row row : table.rows().groupBy(col(TrajectorySchemas.STATUS)).count().collectAsList()) {
      statuses.put(row.getString(0), row.getLong(1));
    }
    return statuses;
  }

  private static String json(Map<String, Object> summary) {
    try {
      return JSON.writeValueAsString(summary) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
