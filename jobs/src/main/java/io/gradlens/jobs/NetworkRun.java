package io.gradlens.jobs;

import io.gradlens.UserInputException;
import io.gradlens.metrics.WorkMeter;
import io.gradlens.model.StoredMetadata;
import io.gradlens.network.Confusion;
import io.gradlens.network.EpochRow;
import io.gradlens.network.ImageClasses;
import io.gradlens.network.NetworkData;
import io.gradlens.network.NetworkFailedException;
import io.gradlens.network.NetworkObserver;
import io.gradlens.network.NetworkPlan;
import io.gradlens.network.NetworkSource;
import io.gradlens.network.NetworkTrainer;
import io.gradlens.network.TrainingImages;
import io.gradlens.network.TrainingImages.Survey;
import io.gradlens.udf.ClassNames;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** Training of {@code train}, and what is written of it. */
final class NetworkRun implements NetworkObserver {
  private final SparkSession spark;
  private final TrainCommand command;
  private final NetworkSource source;
  private final StoredMetadata pixels;
  private final NetworkOutput output;
  private final RunFolder folder;
  private final AtomicLong learned = new AtomicLong();
  private final NetworkResult written;

  /**
   * @param pixels the network's input and how pixels become it
   */
  NetworkRun(
      SparkSession spark,
      TrainCommand command,
      NetworkSource source,
      StoredMetadata pixels,
      NetworkOutput output,
      RunFolder folder) {
    this.spark = spark;
    this.command = command;
    this.source = source;
    this.pixels = pixels;
    this.output = output;
    this.folder = folder;
    written = new NetworkResult(command.shownNetwork(), output);
  }

  /**
   * Trains, going on from a checkpoint where there is one, and writes what came out.
   *
   * @return what was written
   * @throws UserInputException if images and labels do not do, or training diverges
   */
  NetworkResult run(
      TrainingImages pictures, Survey survey, Optional<TrainingImages> test, RunRecord record) {
    ImageClasses classes = classes(survey);
    NetworkPlan plan = plan(classes);
    test.ifPresent(each -> classes.check(each.survey()));
    var context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    try (NetworkData data =
        NetworkData.of(
            pictures,
            survey,
            pixels.input(),
            command.network.validationFraction,
            command.run.seed,
            plan.workers())) {
      pictures.forget();
      Optional<Path> checkpoint = record.attempt > 1 ? output.latestCheckpoint() : Optional.empty();
      NetworkTrainer trainer =
          checkpoint
              .map(file -> NetworkTrainer.resume(context, plan, file, data, this))
              .orElseGet(() -> NetworkTrainer.start(context, plan, source, data, this));
      train(trainer, data.imagesAnEpoch(plan.batchSize()));
      folder.checkOwnership();
      NetworkTrainer result =
          plan.earlyStopping() > 0
              ? NetworkTrainer.resume(
                  context, plan, output.bestCheckpoint().orElseThrow(), data, this)
              : trainer;
      written.write(result, trainer.history(), classes.names(), metrics(result, test), record);
    }
    return written;
  }

  private ImageClasses classes(Survey survey) {
    if (command.classNames == null) {
      return ImageClasses.of(survey);
    }
    Configuration hadoop = spark.sessionState().newHadoopConf();
    return ImageClasses.among(
        survey, ClassNames.parse(TextFiles.read(command.classNames, "Class names", hadoop)));
  }

  private NetworkPlan plan(ImageClasses classes) {
    NetworkArguments network = command.network;
    return new NetworkPlan(
        new StoredMetadata(
            pixels.input(), pixels.preprocessing(), pixels.sizing(), classes.names()),
        classes.byLabel(),
        network.isBalanced() ? classes.balancedWeights() : List.of(),
        network.augmentation(),
        network.optimizer(),
        network.schedule(),
        network.master(),
        network.epochs,
        network.batchSize,
        network.workers == null ? spark.sparkContext().defaultParallelism() : network.workers,
        network.averagingFrequency,
        network.earlyStopping,
        command.run.seed);
  }

  private void train(NetworkTrainer trainer, long imagesAnEpoch) {
    int before = trainer.history().size();
    if (before > 0) {
      System.out.printf("Going on after epoch %d.%n", before);
    }
    learned.set(before * imagesAnEpoch);
    try (var progress =
        Progress.onStderr(
            "learned from", "images", command.network.epochs * imagesAnEpoch, learned::get)) {
      trainer.run();
    } catch (NetworkFailedException e) {
      output.history(trainer.history());
      throw new UserInputException(
          "%s %s"
              .formatted(
                  e.getMessage(),
                  trainer.history().isEmpty()
                      ? "No epoch was finished."
                      : "The checkpoint of epoch %d is kept in %s."
                          .formatted(trainer.history().size(), output.path("checkpoints"))),
          e);
    }
  }

  @Override
  public void learned(long images) {
    learned.addAndGet(images);
    WorkMeter.IMAGES_LEARNED.mark(images);
  }

  @Override
  public void epochDone(List<EpochRow> history, Path checkpoint, boolean isBest) {
    folder.checkOwnership();
    output.checkpoint(checkpoint, isBest);
    NetworkResult.delete(checkpoint);
    EpochRow row = history.get(history.size() - 1);
    System.out.printf(
        Locale.ROOT,
        "epoch %d/%d: loss %.4f%s, %.1f images/s%s%n",
        row.epoch(),
        command.network.epochs,
        row.trainingLoss(),
        Double.isNaN(row.validationLoss())
            ? ""
            : String.format(
                Locale.ROOT,
                ", of held-out images %.4f, accuracy %.2f %%",
                row.validationLoss(),
                100 * row.validationAccuracy()),
        row.imagesPerSecond(),
        Double.isNaN(row.nfeForward())
            ? ""
            : String.format(
                Locale.ROOT,
                ", nfe %.1f forward, %.1f backward",
                row.nfeForward(),
                row.nfeBackward()));
  }

  /** By what the pictures were for. */
  private static Map<String, Confusion> metrics(
      NetworkTrainer trainer, Optional<TrainingImages> test) {
    Map<String, Confusion> bySplit = new LinkedHashMap<>();
    bySplit.put("training", trainer.ofTraining());
    trainer.ofValidation().ifPresent(result -> bySplit.put("validation", result));
    test.ifPresent(images -> bySplit.put("test", trainer.of(images)));
    return bySplit;
  }
}
