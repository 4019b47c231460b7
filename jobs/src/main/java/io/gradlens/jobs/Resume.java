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

  /** Which earlier results count. */
  enum Trust {
    /** All whose image still has the same bytes: those are read again. */
    SAME_BYTES,
    /** The same, but failures are tried again. */
    SAME_BYTES_NO_FAILURES,
    /** All but failures, by their paths: the run was done, and only its failures are retried. */
    SAME_PATH_NO_FAILURES
  }

  private record Image(String path, String uri, String label, String sha256) {}

  private final SparkSession spark;
  private final ResultTables tables;
  private final ExplainPlan plan;
  private final Trust trust;

  Resume(SparkSession spark, ResultTables tables, ExplainPlan plan, Trust trust) {
    this.spark = spark;
    this.tables = tables;
    this.plan = plan;
    this.trust = trust;
  }

  Remainder of(Dataset<Row> shard) {
    List<Row> inputs = shard.select(Schemas.PATH, Schemas.LABEL).collectAsList();
    Dataset<Row> uris =
        spark
            .createDataset(
                inputs.stream().map(row -> plan.imageUri(row.getString(0))).toList(),
                Encoders.STRING())
            .toDF(Schemas.IMAGE_URI);
    Map<String, List<Row>> explained = byUri(tables.explanationKeys(uris));
    Map<String, List<Row>> failed = byUri(tables.failureKeys(uris));
    Set<String> seen = new HashSet<>(explained.keySet());
    seen.addAll(failed.keySet());

    List<Done> done = new ArrayList<>();
    Set<String> donePaths = new HashSet<>();
    for (Image image : seenImages(shard, inputs, seen, explained)) {
      judge(image, explained, failed)
          .ifPresent(
              result -> {
                done.add(result);
                donePaths.add(image.path());
              });
    }
    List<String> left =
        inputs.stream().map(row -> row.getString(0)).filter(p -> !donePaths.contains(p)).toList();
    return new Remainder(
        only(shard, left), left.size(), done, tables.explanationKeys(uris).selectExpr(KEY));
  }

  private List<Image> seenImages(
      Dataset<Row> shard, List<Row> inputs, Set<String> seen, Map<String, List<Row>> explained) {
    List<Row> earlier =
        inputs.stream().filter(row -> seen.contains(plan.imageUri(row.getString(0)))).toList();
    if (trust == Trust.SAME_PATH_NO_FAILURES) {
      return earlier.stream().map(row -> asRecorded(row, explained)).toList();
    }
    if (earlier.isEmpty()) {
      return List.of();
    }
    List<String> paths = earlier.stream().map(row -> row.getString(0)).toList();
    return Gradlens.identify(only(shard, paths), plan).collectAsList().stream()
        .map(
            row ->
                new Image(
                    row.getAs(Schemas.PATH),
                    row.getAs(Schemas.IMAGE_URI),
                    row.getAs(Schemas.LABEL),
                    row.getAs(Schemas.IMAGE_SHA256)))
        .toList();
  }

  private Image asRecorded(Row input, Map<String, List<Row>> explained) {
    String uri = plan.imageUri(input.getString(0));
    List<Row> rows = explained.getOrDefault(uri, List.of());
    String sha256 = rows.isEmpty() ? null : rows.get(0).getAs(Schemas.IMAGE_SHA256);
    return new Image(input.getString(0), uri, input.getString(1), sha256);
  }

  /** Results without the rows that are there already. */
  static Dataset<Row> withoutPresent(Dataset<Row> results, Dataset<Row> present) {
    return results.join(broadcast(present), KEY, "left_anti");
  }

  private Optional<Done> judge(
      Image image, Map<String, List<Row>> explained, Map<String, List<Row>> failed) {
    boolean failedThen =
        failed.getOrDefault(image.uri(), List.of()).stream()
            .map(row -> row.<String>getAs(Schemas.IMAGE_SHA256))
            .anyMatch(then -> then == null || then.equals(image.sha256()));
    if (failedThen && trust == Trust.SAME_BYTES) {
      return Optional.of(new Done(image.uri(), image.sha256(), true));
    }
    List<Row> same =
        explained.getOrDefault(image.uri(), List.of()).stream()
            .filter(row -> Objects.equals(image.sha256(), row.getAs(Schemas.IMAGE_SHA256)))
            .toList();
    return plan.isComplete(same, image.label())
        ? Optional.of(new Done(image.uri(), image.sha256(), false))
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
