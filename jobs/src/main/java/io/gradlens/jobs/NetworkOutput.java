package io.gradlens.jobs;

import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.gradlens.network.Confusion;
import io.gradlens.network.EpochRow;
import io.gradlens.network.FailedImage;
import io.gradlens.udf.Schemas;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** What a run of {@code train} leaves in its folder. */
final class NetworkOutput implements OutputTables {
  static final String MODEL = "model.zip";
  static final String HISTORY = "history";
  static final String METRICS = "metrics";
  static final String CONFUSION = "confusion";
  static final String FAILURES = "failures";
  static final String PAGE = "index.html";
  private static final String CHECKPOINTS = "checkpoints";
  private static final String LATEST = "latest.zip";
  private static final String BEST = "best.zip";

  private static final StructType HISTORY_ROWS =
      new StructType()
          .add("epoch", IntegerType, false)
          .add("iterations", IntegerType, false)
          .add("learning_rate", DoubleType, false)
          .add("training_loss", DoubleType)
          .add("validation_loss", DoubleType)
          .add("validation_accuracy", DoubleType)
          .add("seconds", DoubleType, false)
          .add("images_per_second", DoubleType, false)
          .add("nfe_forward", DoubleType)
          .add("nfe_backward", DoubleType);

  private static final StructType METRICS_ROWS =
      new StructType()
          .add("split", StringType, false)
          .add("class_index", IntegerType)
          .add("class", StringType)
          .add("images", LongType, false)
          .add("loss", DoubleType)
          .add("accuracy", DoubleType)
          .add("precision", DoubleType)
          .add("recall", DoubleType)
          .add("f1", DoubleType);

  private static final StructType CONFUSION_ROWS =
      new StructType()
          .add("split", StringType, false)
          .add("actual", StringType, false)
          .add("predicted", StringType, false)
          .add("images", LongType, false);

  private final ResultFolder folder;
  private final OutputStore files;
  private final OutputStore checkpoints;

  NetworkOutput(SparkSession spark, Path path) {
    folder = new ResultFolder(spark, path);
    files = folder.store(".");
    checkpoints = folder.store(CHECKPOINTS);
  }

  Path path(String name) {
    return folder.path(name);
  }

  @Override
  public boolean exist() {
    return folder.exists(HISTORY) || folder.exists(CHECKPOINTS) || folder.exists(MODEL);
  }

  @Override
  public void delete() {
    List.of(MODEL, HISTORY, METRICS, CONFUSION, FAILURES, PAGE, CHECKPOINTS)
        .forEach(folder::delete);
  }

  /** Replaces the checkpoint of the last epoch, and that of the best where this is it. */
  void checkpoint(java.nio.file.Path archive, boolean isBest) {
    try {
      checkpoints.createFolder();
      if (isBest) {
        checkpoints.replace(BEST, archive);
      }
      checkpoints.replace(LATEST, archive);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write a checkpoint", e);
    }
  }

  Optional<java.nio.file.Path> latestCheckpoint() {
    return checkpoint(LATEST);
  }

  /** Of the epoch with the lowest loss. */
  Optional<java.nio.file.Path> bestCheckpoint() {
    return checkpoint(BEST);
  }

  private Optional<java.nio.file.Path> checkpoint(String name) {
    try {
      return checkpoints.local(name);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read a checkpoint", e);
    }
  }

  void model(java.nio.file.Path archive) {
    try {
      files.replace(MODEL, archive);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + MODEL, e);
    }
  }

  void history(List<EpochRow> history) {
    List<Row> rows = new ArrayList<>();
    for (EpochRow row : history) {
      rows.add(
          RowFactory.create(
              row.epoch(),
              row.iterations(),
              row.learningRate(),
              finite(row.trainingLoss()),
              finite(row.validationLoss()),
              finite(row.validationAccuracy()),
              row.seconds(),
              row.imagesPerSecond(),
              finite(row.nfeForward()),
              finite(row.nfeBackward())));
    }
    folder.table(HISTORY, rows, HISTORY_ROWS);
  }

  void failures(RunRecord record, List<FailedImage> failures) {
    List<Row> rows =
        failures.stream()
            .map(
                each ->
                    RowFactory.create(
                        record.runId,
                        record.attempt,
                        each.uri(),
                        each.sha256(),
                        each.stage(),
                        each.errorClass(),
                        each.message()))
            .toList();
    folder.table(FAILURES, rows, Schemas.FAILURES);
  }

  /**
   * Writes metrics, in whole and by class, and the confusion matrix.
   *
   * @param bySplit by what the pictures were for
   */
  void metrics(Map<String, Confusion> bySplit, List<String> classes) {
    List<Row> metrics = new ArrayList<>();
    List<Row> confusion = new ArrayList<>();
    bySplit.forEach(
        (split, result) -> {
          metrics.add(
              RowFactory.create(
                  split,
                  null,
                  null,
                  result.total(),
                  finite(result.loss()),
                  finite(result.accuracy()),
                  null,
                  null,
                  null));
          for (int i = 0; i < classes.size(); i++) {
            metrics.add(
                RowFactory.create(
                    split,
                    i,
                    classes.get(i),
                    result.support(i),
                    null,
                    null,
                    finite(result.precision(i)),
                    finite(result.recall(i)),
                    finite(result.f1(i))));
            for (int j = 0; j < classes.size(); j++) {
              confusion.add(
                  RowFactory.create(split, classes.get(i), classes.get(j), result.counts()[i][j]));
            }
          }
        });
    folder.table(METRICS, metrics, METRICS_ROWS);
    folder.table(CONFUSION, confusion, CONFUSION_ROWS);
  }

  /** NaN, where nothing was computed, becomes null. */
  private static Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  void page(String html) {
    folder.write(PAGE, html);
  }
}
