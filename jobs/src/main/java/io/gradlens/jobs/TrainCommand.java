package io.gradlens.jobs;

import io.gradlens.UserInputException;
import io.gradlens.network.Architectures;
import io.gradlens.network.NetworkSource;
import io.gradlens.udf.ExplainOptions;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gradlens train}: labelled images become a network that {@code explain} reads. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    versionProvider = Gradlens.Version.class,
    sortOptions = false,
    abbreviateSynopsis = true,
    description = "Train a convolutional network on labelled images.")
final class TrainCommand implements Callable<Integer> {

  @Option(
      names = "--images",
      paramLabel = "PATH",
      description =
          "Folder with a folder for every class, glob, or Parquet table with path, content and"
              + " label.")
  String images;

  @Option(
      names = "--labels",
      paramLabel = "WHERE",
      description = "column, parent-folder or FILE.csv. Default: column of a table, else folders.")
  String labels;

  @Option(
      names = "--class-names",
      paramLabel = "FILE",
      description =
          "The classes in their order: JSON list or text lines. Default: all labels, sorted.")
  String classNames;

  @Option(
      names = "--test-images",
      paramLabel = "PATH",
      description = "More images, of the same form, for the metrics alone.")
  String testImages;

  @Option(
      names = "--architecture",
      paramLabel = "NAME",
      description = "lenet, small-cnn, resnet-lite, vgg16 or vgg19.")
  String architecture;

  @Mixin PixelArguments pixels;
  @Mixin NetworkArguments network;

  @Option(
      names = "--max-failure-fraction",
      paramLabel = "X",
      defaultValue = "0.05",
      description =
          "Exit with status 4 if more of the images cannot be read. Default: ${DEFAULT-VALUE}.")
  double maxFailureFraction;

  @Mixin RunOptions run;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    require("--images", images);
    require("--architecture", architecture);
    require("--output", run.output);
    if (!(maxFailureFraction >= 0 && maxFailureFraction <= 1)) {
      throw new UserInputException(
          "Option --max-failure-fraction must be from 0 to 1, got %s."
              .formatted(maxFailureFraction));
    }
    run.check();
    network.check();
    // The same options of pictures as explain's, read by the same code.
    ExplainOptions.Builder options = ExplainOptions.of(architecture);
    pixels.into(options);
    Configuration hadoop = SparkHadoopUtil.get().newConfiguration(new SparkConf());
    NetworkSource source = NetworkSource.architecture(Architectures.named(architecture));
    return new TrainJob(this, options.build(), source, hadoop).run();
  }

  private void require(String option, String value) {
    if (value == null) {
      throw new ParameterException(spec.commandLine(), "Missing option: " + option);
    }
  }
}
