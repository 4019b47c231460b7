package io.gradlens.jobs;

import static io.gradlens.trajectory.TrajectorySchemas.TRAJECTORY_ID;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.xxhash64;

import io.gradlens.UserInputException;
import io.gradlens.trajectory.IdHashes;
import io.gradlens.trajectory.InputTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A table of trajectories or initial states, cut into shards of bounded size: each is computed and
 * committed at once. Together they hold every input once, in a fixed order.
 */
record InputShards<T extends InputTable<T>>(List<Shard<T>> shards) {

  /** More than one task a core, so that a slow one does not keep the others waiting. */
  private static final int TASKS_A_CORE = 4;

  /**
   * A part of the inputs.
   *
   * @param size how many inputs it has
   */
  record Shard<T>(T table, long size) {}

  long size() {
    return shards.stream().mapToLong(Shard::size).sum();
  }

  /**
   * Of a Parquet table that has a row for every input: by files and rows, so that shards do not
   * read each other's.
   *
   * @param table makes the table of rows
   */
  static <T extends InputTable<T>> InputShards<T> byRows(
      SparkSession spark,
      TableFiles files,
      Function<Dataset<Row>, T> table,
      long limit,
      int shardSize) {
    int cores = spark.sparkContext().defaultParallelism();
    List<Shard<T>> shards = new ArrayList<>();
    for (ParquetPart part : ParquetPart.cut(files.footers(spark), limit, shardSize)) {
      T whole = table.apply(part.rows(spark));
      boolean isSpread = part.files().size() >= cores || part.groups() >= cores;
      shards.add(new Shard<>(isSpread ? whole : whole.spread(TASKS_A_CORE * cores), part.size()));
    }
    return new InputShards<>(shards);
  }

  /** Of a table whose inputs take several rows, or lie in no order: by a hash of their ids. */
  static <T extends InputTable<T>> InputShards<T> byIds(T table, long limit, int shardSize) {
    T limited = table;
    if (limit < Integer.MAX_VALUE) {
      limited = table.only(table.ids().distinct().orderBy(TRAJECTORY_ID).limit((int) limit));
    }
    long inputs = limited.ids().distinct().count();
    long count = Math.max(1, (inputs + shardSize - 1) / shardSize);
    if (count == 1) {
      return new InputShards<>(List.of(new Shard<>(limited, inputs)));
    }
    var number = pmod(xxhash64(col(TRAJECTORY_ID)), lit(count)).cast("long");
    long[] sizes = new long[(int) count];
    for (Row row : limited.ids().distinct().groupBy(number.as("shard")).count().collectAsList()) {
      sizes[(int) row.getLong(0)] = row.getLong(1);
    }
    List<Shard<T>> shards = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      shards.add(new Shard<>(limited.where(number.equalTo(lit((long) i))), sizes[i]));
    }
    return new InputShards<>(shards);
  }

  /**
   * Checks that every id is there once.
   *
   * @param location for the message
   * @throws UserInputException with one that is not
   */
  static void checkUnique(Dataset<Row> ids, String location) {
    if (IdHashes.allDiffer(ids)) {
      return;
    }
    List<Row> twice =
        ids.groupBy(TRAJECTORY_ID).count().where(col("count").gt(1)).limit(1).collectAsList();
    if (!twice.isEmpty()) {
      throw new UserInputException(
          "%s has the trajectory_id '%s' %d times; every row needs one of its own."
              .formatted(location, twice.get(0).getString(0), twice.get(0).getLong(1)));
    }
  }
}
