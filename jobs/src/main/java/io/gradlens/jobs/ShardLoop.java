package io.gradlens.jobs;

import io.gradlens.jobs.RunRecord.Counts;
import io.gradlens.metrics.ImageCount;
import io.gradlens.udf.ExplainPlan;
import io.gradlens.udf.Fingerprint;
import io.gradlens.udf.Gradlens;
import io.gradlens.udf.RunIdentity;
import io.gradlens.udf.Schemas;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * Computes shard after shard and commits each by one append to either table. Every image is
 * computed once: its results stay on the executors' disks until both tables have them.
 */
final class ShardLoop {

  private final SparkSession spark;
  private final ExplainPlan plan;
  private final ResultTables tables;
  private final RunFolder folder;
  private final Heartbeat heartbeat;
  private final RunRecord record;
  private final Resume.Trust trust;
  private final RunIdentity identity;
  private final ImageCount images;
  private final ExecutorLosses losses;
  private final LoneImages lone;

  private final Fingerprint fingerprint = new Fingerprint();
  private final long startNanos = System.nanoTime();
  private volatile long committed;
  private volatile long current;
  private long ok;
  private long failed;
  private long skipped;

  ShardLoop(
      SparkSession spark,
      ExplainPlan plan,
      ResultTables tables,
      RunFolder folder,
      Heartbeat heartbeat,
      RunRecord record,
      Resume.Trust trust) {
    this.spark = spark;
    this.plan = plan;
    this.tables = tables;
    this.folder = folder;
    this.heartbeat = heartbeat;
    this.record = record;
    this.trust = trust;
    identity = new RunIdentity(record.runId, record.attempt, record.configSha256);
    images = new ImageCount(spark.sparkContext());
    losses = ExecutorLosses.in(spark.sparkContext());
    lone = new LoneImages(spark, plan, identity, losses);
  }

  void run(ImageSource source) {
    tables.recover();
    try (var progress = Progress.onStderr("explained", "images", source.size(), this::done)) {
      int number = 0;
      for (ImageSource.Shard shard : source.shards()) {
        number++;
        JobNames.shard(spark, record, number, source.shards().size());
        process(shard);
        commit(number, source.shards().size());
      }
    }
    JobNames.end(spark, record);
    if (record.retrying) {
      folder.checkOwnership();
      tables.settleFailures();
    }
    heartbeat.update(
        r -> {
          r.retrying = false;
          r.dataFingerprint = fingerprint.toString();
          r.done();
        });
  }

  private long done() {
    // Spark repeats work whose results were lost with an executor.
    return committed + Math.min(images.value(), current);
  }

  private void process(ImageSource.Shard shard) {
    Dataset<Row> all = shard.images(spark);
    current = shard.size();
    if (record.attempt == 1) {
      explain(new Suspicion(spark, all), shard.size(), results -> results);
      return;
    }
    Resume.Remainder left = new Resume(spark, tables, plan, trust).of(all);
    for (Resume.Done done : left.done()) {
      account(done.uri(), done.sha256(), done.failed());
      skipped++;
    }
    if (left.count() > 0) {
      explain(
          new Suspicion(spark, left.images()),
          left.count(),
          results -> Resume.withoutPresent(results, left.present()));
    }
  }

  /** Explains images, again without those that turn out to kill their executors. */
  private void explain(Suspicion images, long expected, UnaryOperator<Dataset<Row>> missing) {
    boolean done = false;
    while (!done) {
      Dataset<Row> results = Gradlens.explain(images.innocent(), plan, identity, this.images);
      Dataset<Row> killers = spark.createDataFrame(images.killers(), Schemas.RESULTS);
      try {
        write(missing.apply(results).unionByName(killers), expected);
        done = true;
      } catch (LostTasksException lost) {
        this.images.reset();
        images.investigate(lost, lone);
      }
    }
  }

  private void write(Dataset<Row> results, long expected) {
    results.persist(safely());
    try {
      List<Row> outcomes = losses.watch(() -> OutcomeRows.of(results).collectAsList());
      if (outcomes.size() != expected) {
        throw new IllegalStateException(
            "A shard of %d images has results for %d".formatted(expected, outcomes.size()));
      }
      long explained = 0;
      long failures = 0;
      for (Row outcome : outcomes) {
        boolean isFailure = outcome.getBoolean(2);
        explained += isFailure ? 0 : outcome.getLong(3);
        failures += isFailure ? 1 : 0;
      }
      folder.checkOwnership();
      append(results, explained, failures);
      outcomes.forEach(o -> account(o.getString(0), o.getString(1), o.getBoolean(2)));
    } finally {
      results.unpersist(true);
    }
  }

  /** On two executors, if there are two: one that is lost takes no rows along. */
  private StorageLevel safely() {
    return spark.sparkContext().isLocal() ? StorageLevel.DISK_ONLY() : StorageLevel.DISK_ONLY_2();
  }

  /** An append whose job failed has added nothing. */
  private void append(Dataset<Row> results, long explained, long failures) {
    try {
      losses.insist(() -> tables.appendExplanations(results, explained));
      losses.insist(() -> tables.appendFailures(results, failures));
    } catch (LostTasksException lost) {
      throw new IllegalStateException(
          "Executors died %d times under the same append".formatted(ExecutorLosses.TRIES), lost);
    }
  }

  private void account(String uri, String sha256, boolean isFailure) {
    fingerprint.add(uri, sha256);
    ok += isFailure ? 0 : 1;
    failed += isFailure ? 1 : 0;
  }

  private void commit(int number, int shards) {
    committed = ok + failed;
    images.reset();
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    heartbeat.update(
        r -> {
          r.counts = new Counts(r.counts.input(), ok, failed, r.counts.ignored(), skipped);
          r.shards = shards;
          r.shardsDone = number;
          r.imagesPerSecond = (ok + failed - skipped) / seconds;
        });
  }
}
