package io.gradlens.jobs;

import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.gradlens.field.FieldFile;
import io.gradlens.train.HistoryRow;
import io.gradlens.trajectory.TrainingTrajectories.Rejected;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** What a run of {@code ode-train} leaves in its folder. */
final class TrainingOutput implements OutputTables {
  static final String CHECKPOINTS = "checkpoints";
  private static final String LATEST = "latest";
  private static final int KEPT = 3;

  private static final StructType HISTORY =
      new StructType()
          .add("iteration", IntegerType, false)
          .add("loss", DoubleType)
          .add("validation_loss", DoubleType)
          .add("gradient_norm", DoubleType)
          .add("nfe", LongType, false)
          .add("seconds", DoubleType, false);

  private static final StructType REJECTED =
      new StructType()
          .add("trajectory_id", StringType)
          .add("status", StringType)
          .add("message", StringType);

  private final SparkSession spark;
  private final Path folder;
  private final FileSystem files;
  private final OutputStore checkpoints;

  TrainingOutput(SparkSession spark, Path folder) {
    this.spark = spark;
    this.folder = folder;
    var hadoop = spark.sessionState().newHadoopConf();
    try {
      files = folder.getFileSystem(hadoop);
      checkpoints = OutputStore.at(new Path(folder, CHECKPOINTS), hadoop);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path path(String name) {
    return new Path(folder, name);
  }

  @Override
  public boolean exist() {
    try {
      return files.exists(path("history")) || files.exists(path(CHECKPOINTS));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void delete() {
    List.of("history", "rejected", CHECKPOINTS, "initial.csv").forEach(this::delete);
    List.of("field.json", "field.safetensors", "latent.safetensors").forEach(this::delete);
    List.of("loss.png", "error.png", "portrait.png", "index.html").forEach(this::delete);
  }

  private void delete(String name) {
    try {
      files.delete(path(name), true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a checkpoint aside, renames it, names it the latest, and drops one that is old. */
  void checkpoint(int iteration, int every, String text) {
    try {
      checkpoints.createFolder();
      checkpoints.replace(name(iteration), text);
      checkpoints.replace(LATEST, name(iteration) + "\n");
      int old = iteration - KEPT * every;
      if (every > 0 && old > 0) {
        checkpoints.delete(name(old));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write a checkpoint", e);
    }
  }

  private static String name(int iteration) {
    return "iteration-%07d".formatted(iteration);
  }

  /** The latest checkpoint, if there is one. */
  Optional<String> latestCheckpoint() {
    try {
      Optional<String> latest = checkpoints.read(LATEST);
      return latest.isEmpty() ? latest : checkpoints.read(latest.get().strip());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the latest checkpoint", e);
    }
  }

  /** NaN, where nothing was computed, becomes null. */
  void history(List<HistoryRow> history) {
    List<Row> rows =
        history.stream()
            .map(
                row ->
                    RowFactory.create(
                        row.iteration(),
                        finite(row.loss()),
                        finite(row.validationLoss()),
                        finite(row.gradientNorm()),
                        row.nfe(),
                        row.seconds()))
            .toList();
    table("history", rows, HISTORY);
  }

  private static Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  void rejected(List<Rejected> rejected) {
    List<Row> rows =
        rejected.stream()
            .map(each -> RowFactory.create(each.id(), each.status(), each.message()))
            .toList();
    table("rejected", rows, REJECTED);
  }

  private void table(String name, List<Row> rows, StructType schema) {
    spark
        .createDataFrame(rows, schema)
        .coalesce(1)
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(path(name).toString());
  }

  /** Writes field.json, and weights where there are some. */
  void field(FieldFile field) {
    field.files().forEach(this::write);
  }

  void write(String name, String text) {
    write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  void write(String name, byte[] bytes) {
    files.setWriteChecksum(false);
    try (OutputStream out = files.create(path(name), true)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + name, e);
    }
  }
}
