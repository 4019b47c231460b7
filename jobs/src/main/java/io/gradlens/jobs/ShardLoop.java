package io.gradlens.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import io.gradlens.jobs.RunRecord.Counts;
import io.gradlens.metrics.ImageCount;
import io.gradlens.udf.ExplainPlan;
import io.gradlens.udf.Fingerprint;
import io.gradlens.udf.Gradlens;
import io.gradlens.udf.RunIdentity;
import io.gradlens.udf.Schemas;
import java.util.List;
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

  private final Fingerprint fingerprint = new Fingerprint();
  private final long startNanos = System.nanoTime();
  private volatile long committed;
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
    return committed + images.value();
  }

  private void process(ImageSource.Shard shard) {
    Dataset<Row> left = shard.images(spark);
    if (record.attempt == 1) {
      explain(left, shard.size());
      return;
    }
    Resume.Remainder remainder = new Resume(spark, tables, plan, trust).of(left);
    for (Resume.Done done : remainder.done()) {
      account(done.uri(), done.sha256(), done.failed());
      skipped++;
    }
    if (remainder.count() > 0) {
      explain(remainder);
    }
  }

  private void explain(Resume.Remainder remainder) {
    Dataset<Row> results = Gradlens.explain(remainder.images(), plan, identity, images);
    write(Resume.withoutPresent(results, remainder.present()), remainder.count());
  }

  private void explain(Dataset<Row> left, long expected) {
    write(Gradlens.explain(left, plan, identity, images), expected);
  }

  private void write(Dataset<Row> results, long expected) {
    results.persist(StorageLevel.DISK_ONLY());
    try {
      List<Row> outcomes = outcomes(results);
      if (outcomes.size() != expected) {
        throw new IllegalStateException(
            "A shard of %d images has results for %d".formatted(expected, outcomes.size()));
      }
      long explained = 0;
      long failures = 0;
      for (Row outcome : outcomes) {
        boolean isFailure = outcome.getBoolean(2);
        account(outcome.getString(0), outcome.getString(1), isFailure);
        explained += isFailure ? 0 : outcome.getLong(3);
        failures += isFailure ? 1 : 0;
      }
      folder.checkOwnership();
      tables.append(results, explained, failures);
    } finally {
      results.unpersist(true);
    }
  }

  /** One row an image: uri, sha256, whether it failed, how many rows it has. */
  private static List<Row> outcomes(Dataset<Row> results) {
    return results
        .groupBy(
            col(Schemas.IMAGE_URI),
            col(Schemas.IMAGE_SHA256),
            col(Schemas.FAILURE).isNotNull().as("failed"))
        .agg(count(lit(1)))
        .collectAsList();
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
