package io.gradlens.jobs;

import io.gradlens.udf.ExplainOptions;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

  @Mixin PixelArguments pixels;

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
      description =
          "Images a forward pass. Default: 8; in a build for GPUs what their free memory holds.")
  Integer batchSize;

  @Mixin FailureThreshold threshold;

  @Mixin RunOptions run;

  @Override
  public Integer call() {
    run.require("--images", images);
    run.require("--model", model);
    run.require("--output", run.output);
    threshold.check();
    run.check();
    Configuration hadoop = SparkHadoopUtil.get().newConfiguration(new SparkConf());
    return new ExplainJob(this, options(hadoop), hadoop).run();
  }

  private ExplainOptions options(Configuration hadoop) {
    ExplainOptions.Builder options =
        ExplainOptions.of(model).signed(signed).redactPaths(run.redactPaths);
    if (batchSize != null) {
      options.batchSize(batchSize);
    }
    PixelArguments.ifGiven(layer, options::layer);
    PixelArguments.ifGiven(method, options::method);
    PixelArguments.ifGiven(target, options::target);
    PixelArguments.ifGiven(upsample, options::upsample);
    PixelArguments.ifGiven(overlay, options::overlay);
    PixelArguments.ifGiven(colormap, options::colormap);
    if (classNames != null) {
      options.classNames(TextFiles.read(classNames, "Class names", hadoop));
    }
    pixels.into(options);
    return options.build();
  }
}
