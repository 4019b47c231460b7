package io.gradlens.model.keras;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gradlens.UserInputException;
import io.gradlens.model.keras.KerasCall.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A Keras configuration as layers and the calls between them. Sequential models become functional
 * ones: every layer is called once, on the one before.
 */
final class KerasModel {
  private static final Set<String> SEQUENTIAL = Set.of("Sequential");
  private static final Set<String> FUNCTIONAL = Set.of("Functional", "Model");
  private static final List<String> SHAPE_KEYS =
      List.of("batch_shape", "batch_input_shape", "build_input_shape");

  private final int generation;
  private final KerasLayer self;
  private final Map<String, KerasLayer> layers = new LinkedHashMap<>();
  private List<Tensor> inputs = List.of();
  private List<Tensor> outputs = List.of();

  private KerasModel(int generation, KerasLayer self) {
    this.generation = generation;
    this.self = self;
  }

  /**
   * Reads a whole model.
   *
   * @param root the object with {@code class_name} and {@code config}
   * @param generation of Keras that wrote it: 2 or 3
   */
  static KerasModel parse(JsonNode root, int generation) {
    String kind = root.path("class_name").asText();
    if (!isModel(kind)) {
      throw new UserInputException(
          "The file holds a model of class '%s'; Sequential and Functional models are supported."
              .formatted(kind));
    }
    KerasModel model = new KerasModel(generation, null);
    model.fill(kind, root.path("config"));
    return model;
  }

  /** The generation of Keras that wrote it: 2 or 3. */
  int generation() {
    return generation;
  }

  /** The layer that this model is in another model, or null for the outermost. */
  KerasLayer self() {
    return self;
  }

  /** In the order of the file. */
  List<KerasLayer> layers() {
    return List.copyOf(layers.values());
  }

  List<Tensor> inputs() {
    return inputs;
  }

  List<Tensor> outputs() {
    return outputs;
  }

  /**
   * How references count the calls of a layer: from 0, but for nested models often from 1, as their
   * own construction was call 0.
   */
  int firstCall(KerasLayer layer) {
    if (layer.model() == null) {
      return 0;
    }
    boolean beyond =
        Stream.concat(
                layers.values().stream().flatMap(l -> l.calls().stream()).map(KerasCall::tensors),
                Stream.of(outputs))
            .flatMap(List::stream)
            .anyMatch(t -> t.layer().equals(layer.name()) && t.call() == layer.calls().size());
    return beyond ? 1 : 0;
  }

  private static boolean isModel(String kind) {
    return SEQUENTIAL.contains(kind) || FUNCTIONAL.contains(kind);
  }

  private void fill(String kind, JsonNode config) {
    JsonNode entries = config.isArray() ? config : config.path("layers");
    if (entries.isEmpty()) {
      throw new UserInputException("The model's configuration lists no layers.");
    }
    if (SEQUENTIAL.contains(kind)) {
      fillSequential(entries, config);
    } else {
      fillFunctional(entries, config);
    }
  }

  private void fillFunctional(JsonNode entries, JsonNode config) {
    for (JsonNode entry : entries) {
      List<KerasCall> calls = new ArrayList<>();
      entry.path("inbound_nodes").forEach(node -> calls.add(KerasCall.parse(node)));
      add(entry, calls);
    }
    inputs = KerasCall.references(config.path("input_layers"));
    outputs = KerasCall.references(config.path("output_layers"));
  }

  private void fillSequential(JsonNode entries, JsonNode config) {
    KerasLayer previous = null;
    if (!entries.get(0).path("class_name").asText().equals("InputLayer")) {
      previous = add(impliedInput(entries.get(0), config), List.of());
    }
    for (JsonNode entry : entries) {
      List<KerasCall> calls =
          previous == null ? List.of() : List.of(KerasCall.of(outputOf(previous)));
      previous = add(entry, calls);
    }
    inputs = List.of(new Tensor(layers.keySet().iterator().next(), 0, 0));
    outputs = List.of(outputOf(previous));
  }

  private static Tensor outputOf(KerasLayer layer) {
    return new Tensor(layer.name(), 0, 0);
  }

  private KerasLayer add(JsonNode entry, List<KerasCall> calls) {
    JsonNode config = entry.path("config");
    String kind = entry.path("class_name").asText();
    String name = entry.path("name").asText(config.path("name").asText());
    KerasLayer layer =
        new KerasLayer(name, kind, entry.path("module").asText(), config, calls, this);
    if (layers.put(name, layer) != null) {
      throw new UserInputException("Two layers of the model are named '" + name + "'.");
    }
    if (isModel(kind)) {
      KerasModel nested = new KerasModel(generation, layer);
      nested.fill(kind, config);
      layer.nest(nested);
    }
    return layer;
  }

  /** Old sequential files have no input layer: its shape stands at the first real one. */
  private static JsonNode impliedInput(JsonNode first, JsonNode config) {
    ObjectNode input = JsonNodeFactory.instance.objectNode();
    input.put("class_name", "InputLayer");
    ObjectNode settings = input.putObject("config");
    String name = first.path("config").path("name").asText(first.path("name").asText());
    settings.put("name", name + "_input");
    JsonNode shape = inputShape(first);
    settings.set("batch_shape", shape.isArray() ? shape : config.path("build_input_shape"));
    return input;
  }

  private static JsonNode inputShape(JsonNode entry) {
    JsonNode config = entry.path("config");
    for (String key : SHAPE_KEYS) {
      if (config.path(key).isArray()) {
        return config.path(key);
      }
    }
    JsonNode inner = config.isArray() ? config.path(0) : config.path("layers").path(0);
    if (!inner.isMissingNode()) {
      return inputShape(inner);
    }
    return entry.path("build_config").path("input_shape");
  }
}
