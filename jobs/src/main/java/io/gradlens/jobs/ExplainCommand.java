package io.gradlens.jobs;

import io.gradlens.UserInputException;
import io.gradlens.decode.ImageDecoder;
import io.gradlens.model.Preprocessing;
import io.gradlens.udf.ExplainOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gradlens explain}: images and a model become explanations, failures and run.json. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    versionProvider = Gradlens.Version.class,
    sortOptions = false,
    abbreviateSynopsis = true,
    description = "Show where a network looks, for every image of a data set (Grad-CAM).")
final class ExplainCommand implements Callable<Integer> {

  @Option(
      names = "--images",
      paramLabel = "PATH",
      description = "Folder, glob, or Parquet table with path, content and optionally label.")
  String images;

  @Option(
      names = "--labels",
      paramLabel = "WHERE",
      description = "column, parent-folder, FILE.csv or none. Default: column if there is one.")
  String labels;

  @Option(
      names = "--model",
      paramLabel = "FILE",
      description = "Keras .keras, .h5, .hdf5 or DL4J .zip.")
  String model;

  @Option(
      names = "--class-names",
      paramLabel = "FILE",
      description = "JSON list, text lines, or Keras' imagenet_class_index.json.")
  String classNames;

  @Option(
      names = "--layer",
      paramLabel = "NAMES",
      description = "auto, or names of layers. Default: auto.")
  String layer;

  @Option(
      names = "--method",
      paramLabel = "NAMES",
      description = "grad-cam, grad-cam++, hires-cam, layer-cam, xgrad-cam. Default: grad-cam.")
  String method;

  @Option(
      names = "--target",
      paramLabel = "TARGETS",
      description = "top1, topN, class:INDEX, class:NAME, label. Default: top1.")
  String target;

  @Option(
      names = "--preprocess",
      paramLabel = "PRESET",
      description = "unit, tf, caffe, torch or identity. No default, unless the model stores it.")
  String preprocess;

  @Option(
      names = "--channel-order",
      paramLabel = "ORDER",
      description = "rgb or bgr; then network input = (pixel * scale - mean) / std.")
  String channelOrder;

  @Option(names = "--scale", paramLabel = "X", description = "Default: 1.")
  Double scale;

  @Option(
      names = "--mean",
      paramLabel = "X[,X,X]",
      description = "By channel, in the network's order. Default: 0.")
  String mean;

  @Option(
      names = "--std",
      paramLabel = "X[,X,X]",
      description = "By channel, in the network's order. Default: 1.")
  String std;

  @Option(
      names = "--input-size",
      paramLabel = "HxW",
      description = "For a model that leaves its input's size free.")
  String inputSize;

  @Option(
      names = "--resize",
      paramLabel = "FILTER",
      description = "bilinear, nearest, bicubic, lanczos or box. Default: bilinear.")
  String resize;

  @Option(
      names = "--fit",
      paramLabel = "HOW",
      description = "squash or center-crop. Default: squash.")
  String fit;

  @Option(names = "--exif", paramLabel = "HOW", description = "ignore or apply. Default: ignore.")
  String exif;

  @Option(
      names = "--upsample",
      paramLabel = "HOW",
      description = "Of overlays: bilinear or zoom3. Default: bilinear.")
  String upsample;

  @Option(
      names = "--overlay",
      paramLabel = "HOW",
      description = "none, png (blended) or side-by-side. Default: none.")
  String overlay;

  @Option(
      names = "--colormap",
      paramLabel = "NAME",
      description = "jet, turbo, viridis or inferno. Default: jet.")
  String colormap;

  @Option(
      names = "--signed",
      arity = "0..1",
      fallbackValue = "true",
      defaultValue = "false",
      description = "Keep the maps before their ReLU as well.")
  boolean signed;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "" + ExplainOptions.DEFAULT_BATCH_SIZE,
      description = "Images a forward pass. Default: ${DEFAULT-VALUE}.")
  int batchSize;

  @Option(
      names = "--max-pixels",
      paramLabel = "N",
      defaultValue = "" + ImageDecoder.DEFAULT_MAX_PIXELS,
      description = "Refuse pictures that declare more. Default: ${DEFAULT-VALUE}.")
  long maxPixels;

  @Option(
      names = "--max-failure-fraction",
      paramLabel = "X",
      defaultValue = "0.05",
      description = "Exit with status 4 if more of the inputs fail. Default: ${DEFAULT-VALUE}.")
  double maxFailureFraction;

  @Mixin RunOptions run;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    // Not picocli's own check: it would complain of these before it names an unknown option.
    require("--images", images);
    require("--model", model);
    require("--output", run.output);
    if (!(maxFailureFraction >= 0 && maxFailureFraction <= 1)) {
      throw new UserInputException(
          "Option --max-failure-fraction must be from 0 to 1, got %s."
              .formatted(maxFailureFraction));
    }
    run.check();
    Configuration hadoop = SparkHadoopUtil.get().newConfiguration(new SparkConf());
    return new ExplainJob(this, options(hadoop), hadoop).run();
  }

  private void require(String option, String value) {
    if (value == null) {
      throw new ParameterException(spec.commandLine(), "Missing option: " + option);
    }
  }

  private ExplainOptions options(Configuration hadoop) {
    ExplainOptions.Builder options =
        ExplainOptions.of(model)
            .signed(signed)
            .batchSize(batchSize)
            .maxPixels(maxPixels)
            .redactPaths(run.redactPaths);
    ifGiven(layer, options::layer);
    ifGiven(method, options::method);
    ifGiven(target, options::target);
    ifGiven(inputSize, options::inputSize);
    ifGiven(resize, options::resize);
    ifGiven(fit, options::fit);
    ifGiven(exif, options::exif);
    ifGiven(upsample, options::upsample);
    ifGiven(overlay, options::overlay);
    ifGiven(colormap, options::colormap);
    if (classNames != null) {
      options.classNames(TextFiles.read(classNames, "Class names", hadoop));
    }
    preprocessing(options);
    return options.build();
  }

  private void preprocessing(ExplainOptions.Builder options) {
    boolean explicit = scale != null || mean != null || std != null || channelOrder != null;
    if (explicit && preprocess != null) {
      throw new UserInputException(
          "Give either --preprocess or --channel-order with --scale, --mean and --std, not both.");
    }
    if (explicit && channelOrder == null) {
      throw new UserInputException(
          "Options --scale, --mean and --std need --channel-order rgb or bgr.");
    }
    if (explicit) {
      options.preprocess(
          new Preprocessing(
              order(),
              scale == null ? 1 : scale,
              numbers("mean", mean, 0),
              numbers("std", std, 1)));
    }
    ifGiven(preprocess, options::preprocess);
  }

  private Preprocessing.ChannelOrder order() {
    return switch (channelOrder.toLowerCase(Locale.ROOT)) {
      case "rgb" -> Preprocessing.ChannelOrder.RGB;
      case "bgr" -> Preprocessing.ChannelOrder.BGR;
      default ->
          throw new UserInputException(
              "Channel order '%s' is not known; choose rgb or bgr.".formatted(channelOrder));
    };
  }

  private static List<Double> numbers(String option, String list, double otherwise) {
    if (list == null) {
      return List.of(otherwise);
    }
    try {
      // Not CommaList: the same value may stand for several channels.
      return Arrays.stream(list.split(",")).map(String::strip).map(Double::valueOf).toList();
    } catch (NumberFormatException e) {
      throw new UserInputException(
          "Option --%s takes numbers, got '%s'.".formatted(option, list), e);
    }
  }

  private static void ifGiven(String value, Consumer<String> setter) {
    if (value != null) {
      setter.accept(value);
    }
  }
}
