package io.gradlens.udf;

import io.gradlens.UserInputException;
import io.gradlens.cam.CamMethod;
import io.gradlens.cam.CamMethods;
import io.gradlens.cam.Colormap;
import io.gradlens.cam.Upsampling;
import io.gradlens.decode.ImageDecoder;
import io.gradlens.image.Fit;
import io.gradlens.image.PixelImage;
import io.gradlens.image.ResizeFilter;
import io.gradlens.model.Preprocessing;
import io.gradlens.model.ProbedModel;
import io.gradlens.model.Sizing;
import io.gradlens.model.graph.InputShape;
import io.gradlens.model.graph.LayerInfo;
import java.io.Serializable;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;

/** Options resolved against a model: all that an executor has to know. */
public record ExplainPlan(
    ModelFile model,
    ClassNames classes,
    List<String> layers,
    List<String> methods,
    Targets targets,
    Preprocessing preprocessing,
    InputSize input,
    ResizeFilter resize,
    Fit fit,
    ImageDecoder decoder,
    Upsampling upsampling,
    OverlayStyle overlay,
    Colormap colormap,
    boolean signed,
    int batchSize,
    boolean redactPaths)
    implements Serializable {

  /** The network's input: rows, columns, 1 or 3 channels. */
  public record InputSize(int height, int width, int channels) implements Serializable {}

  /**
   * Looks everything up that the options leave to the model.
   *
   * @throws UserInputException if a layer or class is not the model's, or preprocessing or the
   *     input's size is neither given nor stored in the model
   */
  public static ExplainPlan resolve(ExplainOptions options, ModelFile file, ProbedModel model) {
    ClassNames classes =
        Optional.ofNullable(options.classNames())
            .map(text -> ClassNames.parse(text, model.classes()))
            .or(() -> model.classNames().map(n -> new ClassNames(model.classes(), n, List.of())))
            .orElseGet(() -> ClassNames.none(model.classes()));
    Preprocessing preprocessing =
        Optional.ofNullable(options.preprocessing())
            .or(model::preprocessing)
            .orElseThrow(
                () ->
                    new UserInputException(
                        "The model does not store its preprocessing, and there is no default:"
                            + " choose --preprocess unit, tf, caffe, torch or identity, or give"
                            + " --channel-order with --scale, --mean and --std."));
    Sizing sizing = options.sizing(model.sizing().orElse(Sizing.DEFAULT));
    // One pixel shows whether the numbers of channels go together.
    preprocessing.apply(new PixelImage(1, 1, 1, new byte[1]), model.input().channels());
    return new ExplainPlan(
        file,
        classes,
        layers(options.layers(), model),
        options.methods(),
        Targets.resolve(options.targets(), classes),
        preprocessing,
        inputSize(options, model.input()),
        sizing.resize(),
        sizing.fit(),
        new ImageDecoder(options.maxPixels(), sizing.exif()),
        options.upsampling(),
        options.overlay(),
        options.colormap(),
        options.signed(),
        options.batchSize(),
        options.redactPaths());
  }

  private static List<String> layers(List<String> asked, ProbedModel model) {
    Map<String, LayerInfo> known =
        model.layers().stream().collect(Collectors.toMap(LayerInfo::name, layer -> layer));
    Set<String> layers = new LinkedHashSet<>();
    for (String name : asked) {
      if (name.equals("auto") && !known.containsKey(name)) {
        layers.add(model.autoLayer());
      } else if (known.containsKey(name) && known.get(name).isSpatial()) {
        layers.add(name);
      } else {
        throw new UserInputException(
            "Layer '%s' %s; layers with rows and columns are: %s."
                .formatted(
                    name,
                    known.containsKey(name) ? "has no rows and columns" : "is not in the model",
                    model.layers().stream()
                        .filter(LayerInfo::isSpatial)
                        .map(LayerInfo::name)
                        .collect(Collectors.joining(", "))));
      }
    }
    return List.copyOf(layers);
  }

  private static InputSize inputSize(ExplainOptions options, InputShape shape) {
    int height = free(shape.height()) ? options.inputHeight() : shape.height();
    int width = free(shape.width()) ? options.inputWidth() : shape.width();
    if (height == 0 || width == 0) {
      throw new UserInputException(
          "The model leaves the size of its input free; give --input-size HEIGHTxWIDTH.");
    }
    boolean differs = options.inputHeight() != height || options.inputWidth() != width;
    if (options.inputHeight() != 0 && differs) {
      throw new UserInputException(
          "The model's input is %dx%d, --input-size asks for %dx%d."
              .formatted(height, width, options.inputHeight(), options.inputWidth()));
    }
    return new InputSize(height, width, shape.channels());
  }

  private static boolean free(int axis) {
    return axis < 1;
  }

  /** The methods themselves, in the plan's order. */
  List<CamMethod> camMethods() {
    return methods.stream().map(CamMethods::named).toList();
  }

  /** What stands in {@code image_uri} for an image at a path. */
  public String imageUri(String path) {
    return naming().uri(path);
  }

  /** What tables call an image. */
  Naming naming() {
    return redactPaths ? Naming.DIGEST : Naming.PATH;
  }

  /**
   * Whether rows of one image are all that this plan would make of it.
   *
   * @param keys rows with {@code target_index}, {@code target_rank}, {@code layer}, {@code method}
   * @param label of the image, or null
   */
  public boolean isComplete(List<Row> keys, String label) {
    int labelIndex = targets.label() && label != null ? classes.indexOfLabel(label).orElse(-1) : -1;
    for (String layer : layers) {
      for (String method : methods) {
        Set<Integer> ranks = new HashSet<>();
        Set<Integer> indices = new HashSet<>();
        for (Row key : keys) {
          if (layer.equals(key.getAs(Schemas.LAYER)) && method.equals(key.getAs(Schemas.METHOD))) {
            ranks.add(key.getAs(Schemas.TARGET_RANK));
            indices.add(key.getAs(Schemas.TARGET_INDEX));
          }
        }
        if (!targets.areIn(ranks, indices, labelIndex)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Every setting that a row depends on, as the run's configuration records it. */
  public Settings configuration() {
    var values = new TreeMap<String, String>();
    values.put("model-sha256", model.sha256());
    values.put("class-names", classes.names().isEmpty() ? "none" : digest(classes));
    values.put("layer", String.join(",", layers));
    values.put("method", String.join(",", methods));
    values.put("target", targets.toString());
    values.put("channel-order", preprocessing.channelOrder().name().toLowerCase(Locale.ROOT));
    values.put("scale", Double.toString(preprocessing.scale()));
    values.put("mean", preprocessing.mean().toString());
    values.put("std", preprocessing.std().toString());
    values.put("input-size", input.height() + "x" + input.width());
    values.put("resize", resize.optionName());
    values.put("fit", fit.optionName());
    values.put("exif", decoder.exif().name().toLowerCase(Locale.ROOT));
    values.put("overlay", overlay.optionName());
    values.put("upsample", upsampling.optionName());
    values.put("colormap", colormap.optionName());
    values.put("signed", Boolean.toString(signed));
    values.put(
        "batch-size",
        batchSize == ExplainOptions.BY_MEMORY ? "by memory" : Integer.toString(batchSize));
    values.put("max-pixels", Long.toString(decoder.maxPixels()));
    values.put("redact-paths", Boolean.toString(redactPaths));
    return new Settings(values);
  }

  /** Images of a forward pass; where the memory of a GPU decides, the most. */
  public int largestBatch() {
    return batchSize == ExplainOptions.BY_MEMORY ? BatchSize.MOST : batchSize;
  }

  private static String digest(ClassNames classes) {
    return "sha256:" + Digests.sha256(classes.names() + "\n" + classes.ids());
  }
}
