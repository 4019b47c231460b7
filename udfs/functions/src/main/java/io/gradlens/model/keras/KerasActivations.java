package io.gradlens.model.keras;

import com.fasterxml.jackson.databind.JsonNode;
import io.gradlens.UserInputException;
import io.gradlens.model.layer.Activation;
import io.gradlens.model.layer.Op;
import io.gradlens.model.layer.PRelu;
import io.gradlens.model.layer.Softmax;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Keras' activations: by name, as serialised functions, fused into layers and as layers. */
final class KerasActivations {
  private static final double UNBOUNDED = Double.POSITIVE_INFINITY;
  private static final List<String> NAMES =
      List.of(
          "linear",
          "relu",
          "relu6",
          "leaky_relu",
          "elu",
          "selu",
          "sigmoid",
          "tanh",
          "softmax",
          "swish",
          "silu",
          "gelu",
          "hard_sigmoid",
          "hard_swish",
          "hard_silu",
          "softplus",
          "softsign",
          "exponential",
          "mish");
  private static final Set<String> LAYERS = Set.of("ReLU", "LeakyReLU", "ELU", "Softmax");

  private KerasActivations() {}

  static List<String> names() {
    return NAMES;
  }

  /** The activation that a layer names in its configuration: none, or one op. */
  static List<Op> fused(KerasLayer layer) {
    JsonNode activation = layer.setting("activation");
    if (activation.isMissingNode()) {
      return List.of();
    }
    if (activation.isTextual()) {
      return named(layer, activation.asText());
    }
    String kind = activation.path("class_name").asText();
    JsonNode config = activation.path("config");
    if (config.isTextual()) {
      return named(layer, config.asText());
    }
    if (LAYERS.contains(kind)) {
      KerasLayer inner = new KerasLayer(layer.name(), kind, "", config, List.of(), layer.parent());
      return of(inner);
    }
    throw unknown(layer, kind.isEmpty() ? activation.toString() : kind);
  }

  /** Activation layers with settings of their own. */
  static List<Op> of(KerasLayer layer) {
    return switch (layer.className()) {
      case "ReLU" ->
          List.of(
              Activation.relu(
                  layer.number("max_value", UNBOUNDED),
                  layer.number("negative_slope", 0),
                  layer.number("threshold", 0)));
      case "LeakyReLU" ->
          List.of(leaky(layer.number("negative_slope", layer.number("alpha", 0.3))));
      case "ThresholdedReLU" -> List.of(Activation.relu(UNBOUNDED, 0, layer.number("theta", 1)));
      case "ELU" -> List.of(Activation.of(Activation.Kind.ELU, layer.number("alpha", 1)));
      default -> List.of(new Softmax());
    };
  }

  static List<Op> layer(KerasContext context) {
    return of(context.layer());
  }

  /** The softmax layer, over the last axis. */
  static List<Op> softmax(KerasContext context) {
    context.expectLastAxis(context.layer().integer("axis", -1));
    return List.of(new Softmax());
  }

  /** PReLU with a slope for every entry, or for those along its shared axes together. */
  static List<Op> parametric(KerasContext context) {
    KerasLayer layer = context.layer();
    long[] shape = Arrays.stream(context.input()).asLongStream().toArray();
    if (!layer.setting("shared_axes").isMissingNode()) {
      for (double axis : layer.numbers("shared_axes")) {
        shape[(int) axis - 1] = 1;
      }
    }
    return List.of(new PRelu(context.weight(shape)));
  }

  /**
   * An activation by Keras' name, with or without a package before it.
   *
   * @throws UserInputException naming the layer, if there is no such activation
   */
  static List<Op> named(KerasLayer layer, String fullName) {
    String name = fullName.substring(fullName.lastIndexOf('>') + 1);
    Op op =
        switch (name) {
          case "linear" -> null;
          case "relu" -> Activation.relu();
          case "relu6" -> Activation.relu(6, 0, 0);
          case "leaky_relu" -> leaky(0.2);
          case "softmax" -> new Softmax();
          case "elu" -> Activation.of(Activation.Kind.ELU, 1);
          case "selu" -> Activation.of(Activation.Kind.SELU);
          case "sigmoid" -> Activation.of(Activation.Kind.SIGMOID);
          case "tanh" -> Activation.of(Activation.Kind.TANH);
          case "swish", "silu" -> Activation.of(Activation.Kind.SWISH);
          case "gelu" -> Activation.of(Activation.Kind.GELU);
          case "hard_sigmoid" -> Activation.of(hardSigmoid(layer));
          case "hard_swish", "hard_silu" -> Activation.of(Activation.Kind.HARD_SWISH);
          case "softplus" -> Activation.of(Activation.Kind.SOFTPLUS);
          case "softsign" -> Activation.of(Activation.Kind.SOFTSIGN);
          case "exponential" -> Activation.of(Activation.Kind.EXP);
          case "mish" -> Activation.of(Activation.Kind.MISH);
          default -> throw unknown(layer, fullName);
        };
    return op == null ? List.of() : List.of(op);
  }

  /** Keras 2 had max(0, min(1, 0.2x+0.5)), Keras 3 has relu6(x+3)/6. */
  private static Activation.Kind hardSigmoid(KerasLayer layer) {
    return layer.parent().generation() < 3
        ? Activation.Kind.HARD_SIGMOID_02
        : Activation.Kind.HARD_SIGMOID;
  }

  private static Op leaky(double slope) {
    return Activation.relu(UNBOUNDED, slope, 0);
  }

  private static UserInputException unknown(KerasLayer layer, String name) {
    return layer.problem(
        "has the activation '%s', which is not supported; there are: %s"
            .formatted(name, String.join(", ", NAMES)));
  }
}
