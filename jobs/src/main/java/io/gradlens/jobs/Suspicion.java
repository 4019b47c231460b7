package io.gradlens.jobs;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.spark_partition_id;

import io.gradlens.udf.Schemas;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What is known of a shard's images while executors die of them: which of them kill, and which lay
 * in a task that died but did no harm alone. The latter get a task each from then on.
 */
final class Suspicion {

  private static final String PARTITION = "partition";

  private final SparkSession spark;
  private final Dataset<Row> images;
  private final SortedSet<String> cleared = new TreeSet<>();
  private final Map<String, Row> killers = new LinkedHashMap<>();
  private int unexplained;

  /**
   * @param images rows of {@link Schemas#IMAGES}, in the same partitions however often they are
   *     computed
   */
  Suspicion(SparkSession spark, Dataset<Row> images) {
    this.spark = spark;
    this.images = images;
  }

  /** All images but the killers. */
  Dataset<Row> innocent() {
    Dataset<Row> rest = killers.isEmpty() ? images : join(images, killers.keySet(), "left_anti");
    return cleared.isEmpty()
        ? rest
        : join(rest, cleared, "left_anti")
            .union(join(rest, cleared, "left_semi").coalesce(1).repartition(cleared.size()));
  }

  /** Rows of {@link Schemas#RESULTS} that say so of those that kill. */
  List<Row> killers() {
    return List.copyOf(killers.values());
  }

  /**
   * Finds out which images of a lost task kill.
   *
   * @throws LostTasksException if single images explain the losses no longer
   */
  void investigate(LostTasksException lost, LoneImages lone) {
    List<String> suspects = paths(lost.partitions());
    if (suspects.isEmpty() || cleared.containsAll(suspects)) {
      unexplained++;
      if (unexplained == ExecutorLosses.TRIES) {
        throw lost;
      }
      return;
    }
    System.err.printf(
        "gradlens: a task died with its executor %d times (%s); its %d images are tried alone%n",
        lost.kills(), lost.reason(), suspects.size());
    Map<String, Row> found = lone.killers(images, suspects);
    killers.putAll(found);
    cleared.addAll(suspects);
    cleared.removeAll(found.keySet());
  }

  private List<String> paths(SortedSet<Integer> partitions) {
    return innocent()
        .select(col(Schemas.PATH), spark_partition_id().as(PARTITION))
        .where(col(PARTITION).isInCollection(partitions))
        .select(Schemas.PATH)
        .as(Encoders.STRING())
        .collectAsList();
  }

  private Dataset<Row> join(Dataset<Row> all, Collection<String> paths, String how) {
    Dataset<Row> listed =
        spark.createDataset(List.copyOf(paths), Encoders.STRING()).toDF(Schemas.PATH);
    return all.join(broadcast(listed), new String[] {Schemas.PATH}, how);
  }
}
