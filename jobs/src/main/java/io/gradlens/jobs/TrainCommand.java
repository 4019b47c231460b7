package io.gradlens.jobs;

import io.gradlens.UserInputException;
import io.gradlens.network.Architectures;
import io.gradlens.network.NetworkSource;
import io.gradlens.udf.ExplainOptions;
import io.gradlens.udf.ModelFile;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
      description =
          "lenet, small-cnn, resnet-lite, ode-net, ode-net-residual, ode-net-without-block, vgg16,"
              + " vgg19, or FILE.json with a configuration of"
              + " DL4J's.")
  String architecture;

  @Option(
      names = "--fine-tune",
      paramLabel = "MODEL",
      description =
          "Go on from a trained network instead: a Keras .keras, .h5 or .hdf5, or a DL4J .zip. Its"
              + " last layer is new, but for a .zip with the same classes.")
  String fineTune;

  @Option(
      names = "--freeze-to",
      paramLabel = "LAYER",
      description = "With --fine-tune: the layers to this one keep their weights.")
  String freezeTo;

  @Mixin PixelArguments pixels;
  @Mixin NetworkArguments network;

  @Mixin FailureThreshold threshold;

  @Mixin RunOptions run;

  @Override
  public Integer call() {
    run.require("--images", images);
    if (fineTune == null) {
      run.require("--architecture", architecture);
    }
    run.require("--output", run.output);
    threshold.check();
    run.check();
    network.check();
    if (architecture != null && fineTune != null) {
      throw new UserInputException("Give either --architecture or --fine-tune, not both.");
    }
    if (freezeTo != null && fineTune == null) {
      throw new UserInputException("Option --freeze-to needs --fine-tune.");
    }
    Configuration hadoop = SparkHadoopUtil.get().newConfiguration(new SparkConf());
    // The same options of pictures as explain's, read by the same code.
    ExplainOptions.Builder options = ExplainOptions.of(network());
    pixels.into(options);
    return new TrainJob(this, options.build(), source(hadoop), hadoop).run();
  }

  /** What is trained, as the user calls it. */
  String network() {
    return fineTune != null ? fineTune : architecture;
  }

  /** The same for pages that others read: a file by its digest where paths are redacted. */
  String shownNetwork() {
    boolean isFile = fineTune != null || architecture.endsWith(".json");
    return isFile ? run.naming().uri(network()) : network();
  }

  private NetworkSource source(Configuration hadoop) {
    if (fineTune == null) {
      return architecture.endsWith(".json")
          ? NetworkSource.configuration(TextFiles.read(architecture, "Architecture", hadoop))
          : NetworkSource.architecture(Architectures.named(architecture));
    }
    Path file = Path.of(ModelFile.locate(fineTune, hadoop).path());
    return NetworkSource.fineTuned(file, freezeTo);
  }
}
