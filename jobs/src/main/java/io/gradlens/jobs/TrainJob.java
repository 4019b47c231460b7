package io.gradlens.jobs;

import io.gradlens.UserInputException;
import io.gradlens.jobs.RunRecord.Counts;
import io.gradlens.jobs.RunRecord.Status;
import io.gradlens.model.NativeBackend;
import io.gradlens.model.Preprocessing;
import io.gradlens.model.Sizing;
import io.gradlens.model.StoredMetadata;
import io.gradlens.model.graph.InputShape;
import io.gradlens.network.ImagePreparation;
import io.gradlens.network.NetworkSource;
import io.gradlens.network.TrainingImages;
import io.gradlens.network.TrainingImages.Survey;
import io.gradlens.udf.Digests;
import io.gradlens.udf.ExplainOptions;
import io.gradlens.udf.ModelFile;
import io.gradlens.udf.Settings;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** One attempt of a run of {@code train}: check, claim the output, read the images, train. */
final class TrainJob {
  private final TrainCommand command;
  private final ExplainOptions pixels;
  private final NetworkSource source;
  private final Configuration hadoop;
  private final Path output;

  /**
   * @param pixels from files to the network's input; nothing else in it counts
   */
  TrainJob(
      TrainCommand command, ExplainOptions pixels, NetworkSource source, Configuration hadoop) {
    this.command = command;
    this.pixels = pixels;
    this.source = source;
    this.hadoop = hadoop;
    output = new Path(command.run.output);
  }

  /**
   * @return the exit status
   * @throws UserInputException if images, labels or output cannot be used, or training diverges
   */
  int run() {
    if (command.run.retryFailures) {
      throw new UserInputException(
          "Option --retry-failures does nothing for train: mend the images, and --overwrite.");
    }
    if (preprocessing() == null) {
      throw new UserInputException(
          "Preprocessing has no default: choose --preprocess unit, tf, caffe, torch or identity, or"
              + " give --channel-order with --scale, --mean and --std.");
    }
    NativeBackend.configure();
    Attempt attempt = new Attempt("train", command.run, settings(), hadoop);
    Optional<RunRecord> previous = attempt.previous();
    if (previous.isPresent() && previous.get().status == Status.DONE && !command.run.overwrite) {
      System.out.printf(
          "Run %s in %s is done already; nothing to do. Use --overwrite to run it again.%n",
          previous.get().runId, output);
      return ExitStatus.DONE;
    }
    LabelledImages images = LabelledImages.of(command.images, command.labels, hadoop);
    Optional<LabelledImages> test =
        Optional.ofNullable(command.testImages)
            .map(location -> LabelledImages.of(location, command.labels, hadoop));
    try (SparkSession spark =
        SparkStart.session("train", command.run.master, command.run.verbose)) {
      NetworkOutput tables = new NetworkOutput(spark, output);
      RunRecord done =
          attempt.run(
              spark,
              tables,
              Map.of("nd4j_backend", NativeBackend.describe(), "kernel", NativeBackend.kernels()),
              record -> {
                record.imagesPerSecond = 0.0;
                record.maxFailureFraction = command.threshold.fraction;
              },
              (folder, heartbeat, record, wasDone) -> {
                TrainingImages pictures = prepared(images, spark);
                Survey survey = pictures.survey();
                heartbeat.update(
                    r -> {
                      r.counts = counts(survey, images);
                      r.dataFingerprint = survey.fingerprint();
                    });
                tables.failures(record, survey.failures());
                NetworkRun training =
                    new NetworkRun(
                        spark,
                        command,
                        source,
                        new StoredMetadata(input(), preprocessing(), sizing(), null),
                        tables,
                        folder);
                NetworkResult written =
                    training.run(pictures, survey, test.map(each -> prepared(each, spark)), record);
                heartbeat.update(
                    r -> {
                      r.imagesPerSecond = written.imagesPerSecond();
                      r.modelSha256 = written.modelSha256();
                      r.done();
                    });
              });
      return report(done);
    }
  }

  private TrainingImages prepared(LabelledImages images, SparkSession spark) {
    ImagePreparation preparation =
        new ImagePreparation(input(), sizing(), pixels.maxPixels(), command.run.naming());
    return TrainingImages.of(images.rows(spark, command.run.limit()), preparation);
  }

  private InputShape input() {
    InputShape stored = source.stored().input();
    if (pixels.inputHeight() != 0) {
      return new InputShape(pixels.inputHeight(), pixels.inputWidth(), stored.channels());
    }
    if (stored.height() < 1) {
      throw new UserInputException(
          "%s does not say how large its input is; give --input-size HEIGHTxWIDTH."
              .formatted(command.network()));
    }
    return stored;
  }

  private Preprocessing preprocessing() {
    return pixels.preprocessing() == null
        ? source.stored().preprocessing()
        : pixels.preprocessing();
  }

  private Sizing sizing() {
    Sizing stored = source.stored().sizing();
    return pixels.sizing(stored == null ? Sizing.DEFAULT : stored);
  }

  private static Counts counts(Survey survey, LabelledImages images) {
    long failed = survey.failures().size();
    return new Counts(survey.total(), survey.total() - failed, failed, images.ignored(), 0);
  }

  /** What the weights depend on. */
  private Settings settings() {
    var settings = new TreeMap<>(command.run.settings());
    settings.putAll(command.network.settings());
    settings.put("images", command.run.location("images", command.images, hadoop));
    settings.put("labels", Labels.describe(command.labels, hadoop));
    settings.putAll(networkSettings());
    settings.put("input-size", input().height() + "x" + input().width());
    settings.put("preprocess", preprocessing().toString());
    settings.put("sizing", sizing().toString());
    if (command.classNames != null) {
      settings.put(
          "class-names",
          "sha256:" + Digests.sha256(TextFiles.read(command.classNames, "Class names", hadoop)));
    }
    return new Settings(settings);
  }

  private Map<String, String> networkSettings() {
    if (command.fineTune != null) {
      return Map.of(
          "fine-tune",
          "sha256:" + ModelFile.locate(command.fineTune, hadoop).sha256(),
          "freeze-to",
          String.valueOf(command.freezeTo));
    }
    boolean isFile = command.architecture.endsWith(".json");
    return Map.of(
        "architecture",
        isFile
            ? "sha256:"
                + Digests.sha256(TextFiles.read(command.architecture, "Architecture", hadoop))
            : command.architecture);
  }

  private int report(RunRecord record) {
    for (String name :
        new String[] {
          NetworkOutput.MODEL, NetworkOutput.METRICS, NetworkOutput.PAGE, RunFolder.RECORD
        }) {
      System.out.printf("%-10s %s%n", name.replaceAll("\\..*", ""), new Path(output, name));
    }
    return command.threshold.status(record, "cannot be read");
  }
}
