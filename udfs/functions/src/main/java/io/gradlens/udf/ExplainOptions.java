package io.gradlens.udf;

import io.gradlens.UserInputException;
import io.gradlens.cam.CamMethods;
import io.gradlens.cam.Colormap;
import io.gradlens.cam.Upsampling;
import io.gradlens.decode.ImageDecoder;
import io.gradlens.decode.ImageDecoder.Exif;
import io.gradlens.image.Fit;
import io.gradlens.image.ResizeFilter;
import io.gradlens.model.NativeBackend;
import io.gradlens.model.Preprocessing;
import io.gradlens.model.Sizing;
import java.io.Serializable;
import java.util.List;
import java.util.function.Function;

/**
 * How to explain images, as the user writes it: nothing is looked up in the model yet.
 *
 * @param model path or URI of the model's file
 * @param classNames the text of a file of class names, or null for the model's own
 * @param layers names, {@code auto} among them
 * @param methods names of {@link CamMethods}
 * @param targets the classes to explain
 * @param preprocessing from pixels to the network's input, or null for the model's own
 * @param inputHeight rows of the network's input, where the model leaves them free; else 0
 * @param inputWidth columns, likewise
 * @param resize the filter, or null for the model's own
 * @param fit how a picture fills the input, or null for the model's own
 * @param exif whether the orientation that a camera stored is applied, or null for the model's own
 * @param maxPixels pictures that declare more are refused
 * @param upsampling of overlays
 * @param overlay the picture of its map that every row carries
 * @param colormap of overlays
 * @param signed whether every row carries the map before its ReLU
 * @param batchSize images a forward pass, or {@link #BY_MEMORY}, which only a build for GPUs has as
 *     its default
 * @param redactPaths whether image_uri is a digest instead of a path
 */
public record ExplainOptions(
    String model,
    String classNames,
    List<String> layers,
    List<String> methods,
    List<TargetSpec> targets,
    Preprocessing preprocessing,
    int inputHeight,
    int inputWidth,
    ResizeFilter resize,
    Fit fit,
    Exif exif,
    long maxPixels,
    Upsampling upsampling,
    OverlayStyle overlay,
    Colormap colormap,
    boolean signed,
    int batchSize,
    boolean redactPaths)
    implements Serializable {

  public static final int DEFAULT_BATCH_SIZE = 8;

  /** Instead of a batch size: as many images as the GPU of an executor has memory for. */
  public static final int BY_MEMORY = 0;

  /** Options for a model, all else at its default. */
  public static Builder of(String model) {
    return new Builder(model);
  }

  /** What the user leaves to the model, from it. */
  public Sizing sizing(Sizing otherwise) {
    return new Sizing(
        resize == null ? otherwise.resize() : resize,
        fit == null ? otherwise.fit() : fit,
        exif == null ? otherwise.exif() : exif);
  }

  /** These options for another model, to be changed. */
  public Builder toBuilder(String otherModel) {
    Builder copy = new Builder(otherModel);
    copy.classNames = classNames;
    copy.layers = layers;
    copy.methods = methods;
    copy.targets = targets;
    copy.preprocessing = preprocessing;
    copy.inputHeight = inputHeight;
    copy.inputWidth = inputWidth;
    copy.resize = resize;
    copy.fit = fit;
    copy.exif = exif;
    copy.maxPixels = maxPixels;
    copy.upsampling = upsampling;
    copy.overlay = overlay;
    copy.colormap = colormap;
    copy.signed = signed;
    copy.batchSize = batchSize;
    copy.redactPaths = redactPaths;
    return copy;
  }

  /** Collects options by the names of the command line; every setter refuses what is not known. */
  public static final class Builder {
    private final String model;
    private String classNames;
    private List<String> layers = List.of("auto");
    private List<String> methods = List.of("grad-cam");
    private List<TargetSpec> targets = List.of(new TargetSpec.Top(1));
    private Preprocessing preprocessing;
    private int inputHeight;
    private int inputWidth;
    private ResizeFilter resize;
    private Fit fit;
    private Exif exif;
    private long maxPixels = ImageDecoder.DEFAULT_MAX_PIXELS;
    private Upsampling upsampling = Upsampling.BILINEAR;
    private OverlayStyle overlay = OverlayStyle.NONE;
    private Colormap colormap = Colormap.JET;
    private boolean signed;
    private int batchSize = NativeBackend.isForGpus() ? BY_MEMORY : DEFAULT_BATCH_SIZE;
    private boolean redactPaths;

    private Builder(String model) {
      this.model = model;
    }

    /** The text of a file of class names, as {@link ClassNames#parse} reads it. */
    public Builder classNames(String text) {
      classNames = text;
      return this;
    }

    /** {@code auto}, or names: {@code conv1,conv2}. */
    public Builder layer(String list) {
      layers = notEmpty(CommaList.of(list), "layer");
      return this;
    }

    /** Names of methods: {@code grad-cam,layer-cam}. */
    public Builder method(String list) {
      methods = notEmpty(CommaList.of(list), "method");
      methods.forEach(name -> named(CamMethods::named, name));
      return this;
    }

    /** {@code top1}, {@code topN}, {@code class:INDEX}, {@code class:NAME}, {@code label}. */
    public Builder target(String list) {
      targets = TargetSpec.parse(list);
      return this;
    }

    /** A preset: {@code unit}, {@code tf}, {@code caffe}, {@code torch}, {@code identity}. */
    public Builder preprocess(String preset) {
      return preprocess(Preprocessing.preset(preset));
    }

    public Builder preprocess(Preprocessing explicit) {
      preprocessing = explicit;
      return this;
    }

    /** For a model that leaves its input's size free: {@code 224x224}, height first. */
    public Builder inputSize(String heightByWidth) {
      if (!heightByWidth.matches("[1-9][0-9]{0,4}x[1-9][0-9]{0,4}")) {
        throw new UserInputException(
            "Input size '%s' is not of the form HEIGHTxWIDTH, such as 224x224."
                .formatted(heightByWidth));
      }
      String[] parts = heightByWidth.split("x");
      inputHeight = Integer.parseInt(parts[0]);
      inputWidth = Integer.parseInt(parts[1]);
      return this;
    }

    public Builder resize(String filter) {
      resize = named(ResizeFilter::named, filter);
      return this;
    }

    public Builder fit(String name) {
      fit = named(Fit::named, name);
      return this;
    }

    /** {@code ignore} or {@code apply}. */
    public Builder exif(String choice) {
      boolean apply = choice("exif", choice, "ignore", "apply");
      exif = apply ? Exif.APPLY : Exif.IGNORE;
      return this;
    }

    public Builder upsample(String name) {
      upsampling = named(Upsampling::named, name);
      return this;
    }

    /** {@code none}, {@code png} or {@code side-by-side}. */
    public Builder overlay(String style) {
      overlay = named(OverlayStyle::named, style);
      return this;
    }

    public Builder colormap(String name) {
      colormap = named(Colormap::named, name);
      return this;
    }

    /** Keeps the map before its ReLU as well. */
    public Builder signed(boolean keep) {
      signed = keep;
      return this;
    }

    public Builder batchSize(int images) {
      if (images < 1 || images > 4096) {
        throw new UserInputException(
            "Batch size must be from 1 to 4096, got %d.".formatted(images));
      }
      batchSize = images;
      return this;
    }

    public Builder maxPixels(long pixels) {
      maxPixels = new ImageDecoder(pixels, Exif.IGNORE).maxPixels();
      return this;
    }

    /** Puts digests where paths would stand. */
    public Builder redactPaths(boolean redact) {
      redactPaths = redact;
      return this;
    }

    public ExplainOptions build() {
      return new ExplainOptions(
          model,
          classNames,
          layers,
          methods,
          targets,
          preprocessing,
          inputHeight,
          inputWidth,
          resize,
          fit,
          exif,
          maxPixels,
          upsampling,
          overlay,
          colormap,
          signed,
          batchSize,
          redactPaths);
    }

    private static <T> T named(Function<String, T> lookup, String name) {
      try {
        return lookup.apply(name);
      } catch (IllegalArgumentException e) {
        throw new UserInputException(e.getMessage(), e);
      }
    }

    private static boolean choice(String option, String given, String no, String yes) {
      if (!given.equals(no) && !given.equals(yes)) {
        throw new UserInputException(
            "%s '%s' is not known; choose %s or %s.".formatted(option, given, no, yes));
      }
      return given.equals(yes);
    }

    private static List<String> notEmpty(List<String> list, String option) {
      if (list.isEmpty()) {
        throw new UserInputException("Option %s needs at least one name.".formatted(option));
      }
      return list;
    }
  }
}
