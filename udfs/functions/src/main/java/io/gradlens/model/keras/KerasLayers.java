package io.gradlens.model.keras;

import io.gradlens.UserInputException;
import io.gradlens.model.layer.Dropout;
import io.gradlens.model.layer.Identity;
import io.gradlens.model.layer.Merge;
import io.gradlens.model.layer.Op;
import io.gradlens.model.layer.Pool2D;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The registry of Keras layers: which can be read, and how. */
final class KerasLayers {
  /** Layers that only training knows. */
  private static final List<String> IDLE =
      List.of(
          "Identity",
          "GaussianNoise",
          "GaussianDropout",
          "AlphaDropout",
          "ActivityRegularization",
          "StochasticDepth",
          "RandomFlip",
          "RandomRotation",
          "RandomZoom",
          "RandomTranslation",
          "RandomContrast",
          "RandomBrightness",
          "RandomSaturation",
          "RandomHue",
          "RandomColorJitter",
          "RandomColorDegeneration",
          "RandomGrayscale",
          "RandomGaussianBlur",
          "RandomInvert",
          "RandomPosterization",
          "RandomSharpness",
          "RandomShear",
          "RandomElasticTransform",
          "RandomErasing",
          "RandomPerspective",
          "RandomHeight",
          "RandomWidth");

  /** What Keras 2 wraps around bare operations. */
  private static final Set<String> OPERATIONS = Set.of("TFOpLambda", "TensorFlowOpLayer");

  private static final Map<String, String> ADVICE =
      Map.of(
          "Lambda",
          "runs Python code that only Keras can run; replace it by layers such as Rescaling or"
              + " Activation, and save the model again",
          "Resizing",
          "resizes inside the network; leave it out, save the model again, and let --resize and"
              + " --fit do it");

  private static final Map<String, KerasTranslation> TRANSLATIONS = translations();

  private KerasLayers() {}

  /**
   * The ops of one layer.
   *
   * @throws UserInputException naming the layer, if it cannot be read
   */
  static List<Op> translate(KerasContext context) {
    KerasLayer layer = context.layer();
    if (layer.text("data_format", "").equals("channels_first")) {
      throw layer.problem(
          "has its channels first; build the model with data_format='channels_last' and save it"
              + " again");
    }
    KerasTranslation translation =
        isOperation(context)
            ? KerasOperations::translate
            : TRANSLATIONS.get(unpackaged(layer.className()));
    if (translation == null) {
      throw layer.problem(
          ADVICE.getOrDefault(
              layer.className(),
              "is not supported; supported layers are: "
                  + String.join(", ", new TreeSet<>(TRANSLATIONS.keySet()))));
    }
    List<Op> ops = translation.translate(context);
    return ops.isEmpty() ? List.of(new Identity()) : ops;
  }

  /**
   * Tells bare operations from layers, also where the file does not: {@code Add} with a constant is
   * an operation, and so is what only operations are called.
   */
  private static boolean isOperation(KerasContext context) {
    KerasLayer layer = context.layer();
    if (layer.isOperation() || OPERATIONS.contains(layer.className())) {
      return true;
    }
    boolean constant = context.call().tensors().size() < context.call().operands().size();
    boolean known = TRANSLATIONS.containsKey(layer.className());
    if (KerasOperations.includes(layer) && (constant || !known)) {
      return true;
    }
    if (constant) {
      throw layer.problem("takes a constant beside its tensors, which is not supported");
    }
    return false;
  }

  /** The class without the package that it was registered under. */
  private static String unpackaged(String className) {
    return className.startsWith("keras") || className.startsWith("Keras")
        ? className.substring(className.lastIndexOf('>') + 1)
        : className;
  }

  private static List<Op> dropout(KerasLayer layer, Dropout.Unit unit) {
    // Keras 1 called it p.
    return List.of(new Dropout(layer.number("rate", layer.number("p", 0)), unit));
  }

  private static Map<String, KerasTranslation> translations() {
    Map<String, KerasTranslation> map = new HashMap<>();
    map.put("Conv2D", KerasConvolutions::conv2D);
    map.put("DepthwiseConv2D", KerasConvolutions::depthwiseConv2D);
    map.put("SeparableConv2D", KerasConvolutions::separableConv2D);
    map.put("Dense", KerasConvolutions::dense);
    map.put("BatchNormalization", KerasNormalizations::batch);
    map.put("BatchNormalizationV1", KerasNormalizations::batch);
    map.put("BatchNormalizationV2", KerasNormalizations::batch);
    map.put("SyncBatchNormalization", KerasNormalizations::batch);
    map.put("LayerNormalization", KerasNormalizations::layer);
    map.put("Normalization", KerasNormalizations::normalization);
    map.put("LayerScale", KerasNormalizations::scale);
    map.put("Rescaling", KerasNormalizations::rescaling);
    map.put("MaxPooling2D", KerasShapes.pool(Pool2D.Kind.MAX));
    map.put("AveragePooling2D", KerasShapes.pool(Pool2D.Kind.AVERAGE));
    map.put("GlobalMaxPooling2D", KerasShapes.globalPool(Pool2D.Kind.MAX));
    map.put("GlobalAveragePooling2D", KerasShapes.globalPool(Pool2D.Kind.AVERAGE));
    for (Merge.Kind kind : Merge.Kind.values()) {
      String name = kind.name().charAt(0) + kind.name().substring(1).toLowerCase(Locale.ROOT);
      map.put(name, context -> List.of(new Merge(kind)));
    }
    map.put("Concatenate", KerasShapes::concatenate);
    map.put("ZeroPadding2D", KerasShapes::pad);
    map.put("Cropping2D", KerasShapes::crop);
    map.put("UpSampling2D", KerasShapes::upSample);
    map.put("Flatten", KerasShapes::flatten);
    map.put("Reshape", KerasShapes::reshape);
    map.put("Permute", KerasShapes::permute);
    map.put("Activation", context -> KerasActivations.fused(context.layer()));
    map.put("ReLU", KerasActivations::layer);
    map.put("LeakyReLU", KerasActivations::layer);
    map.put("ThresholdedReLU", KerasActivations::layer);
    map.put("ELU", KerasActivations::layer);
    map.put("PReLU", KerasActivations::parametric);
    map.put("Softmax", KerasActivations::softmax);
    OPERATIONS.forEach(name -> map.put(name, KerasOperations::translate));
    map.put("Dropout", context -> dropout(context.layer(), Dropout.Unit.ENTRY));
    map.put("SpatialDropout2D", context -> dropout(context.layer(), Dropout.Unit.CHANNEL));
    IDLE.forEach(name -> map.put(name, context -> List.of(new Identity())));
    return Map.copyOf(map);
  }
}
