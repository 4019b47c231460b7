package io.gradlens.jobs;

import io.gradlens.UserInputException;
import io.gradlens.decode.ImageDecoder;
import io.gradlens.model.Preprocessing;
import io.gradlens.udf.ExplainOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** From a picture's file to a network's input: options of {@code explain} and {@code train}. */
final class PixelArguments {

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
      description =
          "bilinear, nearest, bicubic, lanczos or box. Default: the model's, else bilinear.")
  String resize;

  @Option(
      names = "--fit",
      paramLabel = "HOW",
      description = "squash or center-crop. Default: the model's, else squash.")
  String fit;

  @Option(
      names = "--exif",
      paramLabel = "HOW",
      description = "ignore or apply. Default: the model's, else ignore.")
  String exif;

  @Option(
      names = "--max-pixels",
      paramLabel = "N",
      defaultValue = "" + ImageDecoder.DEFAULT_MAX_PIXELS,
      description = "Refuse pictures that declare more. Default: ${DEFAULT-VALUE}.")
  long maxPixels;

  /**
   * Adds what the user gave.
   *
   * @throws UserInputException if a value is not known, or options do not go together
   */
  void into(ExplainOptions.Builder options) {
    options.maxPixels(maxPixels);
    ifGiven(inputSize, options::inputSize);
    ifGiven(resize, options::resize);
    ifGiven(fit, options::fit);
    ifGiven(exif, options::exif);
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

  /** Sets what is not null. */
  static void ifGiven(String value, Consumer<String> setter) {
    if (value != null) {
      setter.accept(value);
    }
  }
}
