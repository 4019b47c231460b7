package io.gradlens.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sha2;

import io.gradlens.jobs.RunRecord.Counts;
import io.gradlens.udf.Schemas;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/**
 * Packs shard after shard: tasks read the files and write one Parquet file each, and a shard is
 * committed whole. What counts as done is what is visible in the tables.
 */
final class PackLoop {
  private static final int FILES_A_SHARD = 50;
  private static final String URI = "uri";

  private final SparkSession spark;
  private final PackCommand command;
  private final PackedTables tables;
  private final RunFolder folder;
  private final Heartbeat heartbeat;
  private final RunRecord record;
  private final FileReading reading;
  private final long startNanos = System.nanoTime();
  private long ok;
  private long failed;

  PackLoop(
      SparkSession spark,
      PackCommand command,
      PackedTables tables,
      RunFolder folder,
      Heartbeat heartbeat,
      RunRecord record) {
    this.spark = spark;
    this.command = command;
    this.tables = tables;
    this.folder = folder;
    this.heartbeat = heartbeat;
    this.record = record;
    reading = new FileReading(spark, command.run.naming());
  }

  void run(List<String> files, Labels labels) {
    tables.recover();
    ok = tables.packed().count();
    failed = tables.failed().count();
    long skipped = ok + failed;
    long most = Math.min(Integer.MAX_VALUE, FILES_A_SHARD * (long) command.rowsPerFile);
    int shardSize = command.run.shardSize((int) most);
    int shards = parts(files.size(), shardSize);
    try (var progress =
        Progress.onStderr("packed", "images", files.size(), () -> skipped + reading.done())) {
      for (int shard = 0; shard < shards; shard++) {
        int from = shard * shardSize;
        int to = (int) Math.min(files.size(), from + (long) shardSize);
        JobNames.shard(spark, record, shard + 1, shards);
        pack(rows(files.subList(from, to), labels));
        commit(shard + 1, shards, skipped);
      }
    }
    heartbeat.update(RunRecord::done);
  }

  /** In as many partitions as the shard is to have files. */
  private Dataset<Row> rows(List<String> files, Labels labels) {
    List<Row> rows =
        files.stream().map(file -> RowFactory.create(file, null, labels.of(file, null))).toList();
    int parts = parts(files.size(), command.rowsPerFile);
    var context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    return spark.createDataFrame(context.parallelize(rows, parts), Schemas.IMAGES);
  }

  /** How many parts of a size hold all. */
  private static int parts(int all, int size) {
    return all / size + (all % size == 0 ? 0 : 1);
  }

  private void pack(Dataset<Row> shard) {
    Dataset<Row> left = record.attempt > 1 ? without(shard) : shard;
    long expected = left.count();
    folder.checkOwnership();
    if (expected > 0) {
      tables.append(reading.read(left));
    }
    Map<String, FileReading.Failed> failures = reading.takeFailures();
    if (!failures.isEmpty()) {
      // A task that was tried again may have read what it could not read before.
      tables.packed(failures.keySet()).forEach(failures::remove);
    }
    tables.appendFailures(failures.values(), record);
    ok += expected - failures.size();
    failed += failures.size();
  }

  private Dataset<Row> without(Dataset<Row> shard) {
    Column path = col(Schemas.PATH);
    Column uri = command.run.redactPaths ? concat(lit("sha256:"), sha2(path, 256)) : path;
    Dataset<Row> done = tables.packed().union(tables.failed()).toDF(URI);
    int parts = shard.javaRDD().getNumPartitions();
    return shard
        .withColumn(URI, uri)
        .join(done, new String[] {URI}, "left_anti")
        .drop(URI)
        .repartitionByRange(parts, path);
  }

  private void commit(int number, int shards, long skipped) {
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
