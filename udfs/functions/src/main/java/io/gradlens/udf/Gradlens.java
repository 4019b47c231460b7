package io.gradlens.udf;

import io.gradlens.UserInputException;
import io.gradlens.metrics.ImageCount;
import java.util.Arrays;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.TaskCompletionListener;

/** Explains data sets of images; what the jobs and notebooks call. */
public final class Gradlens {

  private Gradlens() {}

  /**
   * Explains every image: lazily, as Spark does, and batched.
   *
   * @param images columns {@code path} and {@code content} (where it is null the executor reads the
   *     file at the path), and {@code label} if there are labels
   * @return {@link Schemas#RESULTS}: for every image either its rows, one for each target, layer
   *     and method, with a null {@code failure}, or one row with the reason in {@code failure}
   * @throws UserInputException if options, model and columns do not fit together
   */
  public static Dataset<Row> explain(Dataset<Row> images, ExplainOptions options) {
    SparkSession spark = images.sparkSession();
    ModelFile file = ModelFile.locate(options.model(), spark.sessionState().newHadoopConf());
    ExplainPlan plan;
    try (ModelCache.Lease lease = file.open()) {
      plan = ExplainPlan.resolve(options, file, lease.model());
    }
    return explain(images, plan, RunIdentity.adHoc(plan), new ImageCount(spark.sparkContext()));
  }

  /**
   * The same with a plan and run of the caller's.
   *
   * @param progress counts images as they are done; more than there are where Spark repeats work
   */
  public static Dataset<Row> explain(
      Dataset<Row> images, ExplainPlan plan, RunIdentity run, ImageCount progress) {
    SparkSession spark = images.sparkSession();
    ImageBytes bytes = ImageBytes.in(spark);
    ModelFile model = plan.model().ship(spark.sparkContext());
    MapPartitionsFunction<Row, Row> explain =
        rows -> {
          ModelCache.Lease lease = model.open();
          TaskCompletionListener giveBack = context -> lease.close();
          TaskContext.get().addTaskCompletionListener(giveBack);
          return new ExplainPartition(
              rows, bytes, plan, lease.model(), run, progress::succeeded, progress::failed);
        };
    return conformed(images).mapPartitions(explain, Encoders.row(Schemas.RESULTS));
  }

  /** The row of {@link Schemas#RESULTS} of an image that could not be explained. */
  public static Row failure(String path, ImageFailure failure, ExplainPlan plan, RunIdentity run) {
    return new ResultRows(plan, run).failure(path, failure);
  }

  /**
   * Which images these are, without explaining them: {@code path}, {@code label}, {@code image_uri}
   * and {@code image_sha256}, which is null where the bytes cannot be read.
   */
  public static Dataset<Row> identify(Dataset<Row> images, ExplainPlan plan) {
    ImageBytes bytes = ImageBytes.in(images.sparkSession());
    MapPartitionsFunction<Row, Row> identify = rows -> new IdentifyPartition(rows, bytes, plan);
    return conformed(images).mapPartitions(identify, Encoders.row(Schemas.IDENTITIES));
  }

  /** The rows that explain, as the table {@code explanations}. */
  public static Dataset<Row> explanations(Dataset<Row> results) {
    return results
        .where(functions.col(Schemas.FAILURE).isNull())
        .select(columns(Schemas.EXPLANATIONS));
  }

  /** The rows that say why not, as the table {@code failures}. */
  public static Dataset<Row> failures(Dataset<Row> results) {
    return results
        .where(functions.col(Schemas.FAILURE).isNotNull())
        .select(
            functions.col(Schemas.RUN_ID),
            functions.col(Schemas.ATTEMPT),
            functions.col(Schemas.IMAGE_URI),
            functions.col(Schemas.IMAGE_SHA256),
            functions.col(Schemas.FAILURE + ".*"));
  }

  private static org.apache.spark.sql.Column[] columns(StructType table) {
    return Arrays.stream(table.fieldNames())
        .map(functions::col)
        .toArray(org.apache.spark.sql.Column[]::new);
  }

  private static Dataset<Row> conformed(Dataset<Row> images) {
    var given = Arrays.asList(images.columns());
    for (String needed : new String[] {Schemas.PATH, Schemas.CONTENT}) {
      if (!given.contains(needed)) {
        throw new UserInputException(
            "The images have no column '%s'; their columns are: %s."
                .formatted(needed, String.join(", ", given)));
      }
    }
    var label = given.contains(Schemas.LABEL) ? functions.col(Schemas.LABEL) : functions.lit(null);
    return images.select(
        functions.col(Schemas.PATH).cast("string"),
        functions.col(Schemas.CONTENT).cast("binary"),
        label.cast("string").as(Schemas.LABEL));
  }
}
