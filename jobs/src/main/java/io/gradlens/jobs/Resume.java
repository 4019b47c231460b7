package io.gradlens.jobs;

import static org.apache.spark.sql.functions.broadcast;

import io.gradlens.udf.ExplainPlan;
import io.gradlens.udf.Gradlens;
import io.gradlens.udf.Schemas;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What of a shard is done already: the truth is the rows that are visible in the tables.
 *
 * <p>Images without rows are new. Of the others the bytes are read again, for a file that has
 * changed is another image. Everything here is bounded by the size of a shard.
 */
final class Resume {

  /** An input that an earlier attempt has done. */
  record Done(String uri, String sha256, boolean failed) {}

  /**
   * What is left of a shard.
   *
   * @param images still to be explained
   * @param count how many
   * @param done the others
   * @param present keys of rows that are there though their image is not complete
   */
  record Remainder(Dataset<Row> images, long count, List<Done> done, Dataset<Row> present) {}

  private static final String[] KEY = {
    Schemas.IMAGE_URI, Schemas.IMAGE_SHA256, Schemas.TARGET_INDEX, Schemas.LAYER, Schemas.METHOD
  };

  private final SparkSession spark;
  private final ResultTables tables;
  private final ExplainPlan plan;
  private final boolean retryFailures;

  Resume(SparkSession spark, ResultTables tables, ExplainPlan plan, boolean retryFailures) {
    this.spark = spark;
    this.tables = tables;
    this.plan = plan;
    this.retryFailures = retryFailures;
  }

  Remainder of(Dataset<Row> shard) {
    List<String> paths = shard.select(Schemas.PATH).as(Encoders.STRING()).collectAsList();
    Dataset<Row> uris =
        spark
            .createDataset(paths.stream().map(plan::imageUri).toList(), Encoders.STRING())
            .toDF(Schemas.IMAGE_URI);
    Map<String, List<Row>> explained = byUri(tables.explanationKeys(uris));
    Map<String, List<Row>> failed = byUri(tables.failureKeys(uris));
    Set<String> seen = new HashSet<>(explained.keySet());
    seen.addAll(failed.keySet());
    List<Done> done = new ArrayList<>();
    Set<String> donePaths = new HashSet<>();
    if (!seen.isEmpty()) {
      List<String> seenPaths =
          paths.stream().filter(path -> seen.contains(plan.imageUri(path))).toList();
      for (Row image : Gradlens.identify(only(shard, seenPaths), plan).collectAsList()) {
        judge(image, explained, failed)
            .ifPresent(
                result -> {
                  done.add(result);
                  donePaths.add(image.getAs(Schemas.PATH));
                });
      }
    }
    List<String> left = paths.stream().filter(path -> !donePaths.contains(path)).toList();
    return new Remainder(
        only(shard, left), left.size(), done, tables.explanationKeys(uris).selectExpr(KEY));
  }

  /** Results without the rows that are there already. */
  static Dataset<Row> withoutPresent(Dataset<Row> results, Dataset<Row> present) {
    return results.join(broadcast(present), KEY, "left_anti");
  }

  private Optional<Done> judge(
      Row image, Map<String, List<Row>> explained, Map<String, List<Row>> failed) {
    String uri = image.getAs(Schemas.IMAGE_URI);
    String sha256 = image.getAs(Schemas.IMAGE_SHA256);
    if (!retryFailures
        && failed.getOrDefault(uri, List.of()).stream()
            .map(row -> row.<String>getAs(Schemas.IMAGE_SHA256))
            .anyMatch(then -> then == null || then.equals(sha256))) {
      return Optional.of(new Done(uri, sha256, true));
    }
    List<Row> same =
        explained.getOrDefault(uri, List.of()).stream()
            .filter(row -> Objects.equals(sha256, row.getAs(Schemas.IMAGE_SHA256)))
            .toList();
    return plan.isComplete(same, image.getAs(Schemas.LABEL))
        ? Optional.of(new Done(uri, sha256, false))
        : Optional.empty();
  }

  private Dataset<Row> only(Dataset<Row> shard, List<String> paths) {
    Dataset<Row> wanted = spark.createDataset(paths, Encoders.STRING()).toDF(Schemas.PATH);
    return shard.join(broadcast(wanted), new String[] {Schemas.PATH}, "left_semi");
  }

  private static Map<String, List<Row>> byUri(Dataset<Row> keys) {
    Map<String, List<Row>> byUri = new HashMap<>();
    for (Row key : keys.collectAsList()) {
      byUri.computeIfAbsent(key.getAs(Schemas.IMAGE_URI), uri -> new ArrayList<>()).add(key);
    }
    return byUri;
  }
}
