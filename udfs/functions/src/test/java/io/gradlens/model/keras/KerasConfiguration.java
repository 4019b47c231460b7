package io.gradlens.model.keras;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;

/** Writes the configuration of a functional model as Keras 2 or Keras 3 does. */
final class KerasConfiguration {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final int generation;
  private final ArrayNode layers = JSON.createArrayNode();
  private final Map<String, Integer> counters = new HashMap<>();
  private String first;
  private String last;

  /**
   * @param generation 2 or 3
   */
  KerasConfiguration(int generation) {
    this.generation = generation;
  }

  int generation() {
    return generation;
  }

  /** Adds the input of height, width and channels. */
  String input(int height, int width, int channels) {
    first = "input_1";
    ObjectNode layer = entry("InputLayer", first);
    ArrayNode shape =
        layer.withObject("/config").putArray(generation == 2 ? "batch_input_shape" : "batch_shape");
    shape.addNull().add(height).add(width).add(channels);
    return first;
  }

  /** Adds a layer under the name that Keras would give it: conv2d, conv2d_1, …. */
  String unnamed(String kind, String settings, String... inputs) {
    String base = KerasV3Weights.snakeCase(kind);
    int count = counters.merge(base, 1, Integer::sum) - 1;
    return add(kind, count == 0 ? base : base + "_" + count, settings, inputs);
  }

  /**
   * Adds a layer.
   *
   * @param settings its configuration, JSON with single quotes and without the outer braces
   * @param inputs names of layers
   * @return its name
   */
  String add(String kind, String name, String settings, String... inputs) {
    ObjectNode layer = entry(kind, name);
    layer.withObject("/config").setAll((ObjectNode) json("{" + settings + "}"));
    ArrayNode nodes = layer.withArray("/inbound_nodes");
    nodes.add(generation == 2 ? legacyCall(inputs) : call(inputs));
    last = name;
    return name;
  }

  /** The whole model, with the layer added last as its output. */
  JsonNode build(String name) {
    ObjectNode model = JSON.createObjectNode();
    model.put("class_name", "Functional");
    ObjectNode config = model.putObject("config");
    config.put("name", name);
    config.set("layers", layers);
    ArrayNode input = config.putArray("input_layers");
    ArrayNode output = config.putArray("output_layers");
    if (generation == 2) {
      input.addArray().add(first).add(0).add(0);
      output.addArray().add(last).add(0).add(0);
    } else {
      input.add(first).add(0).add(0);
      output.add(last).add(0).add(0);
    }
    return model;
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text.replace('\'', '"'));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private ObjectNode entry(String kind, String name) {
    ObjectNode layer = layers.addObject();
    layer.put("class_name", kind);
    layer.put("name", name);
    layer.putObject("config").put("name", name).put("trainable", true);
    layer.putArray("inbound_nodes");
    return layer;
  }

  private static ArrayNode legacyCall(String... inputs) {
    ArrayNode call = JSON.createArrayNode();
    for (String input : inputs) {
      call.addArray().add(input).add(0).add(0).addObject();
    }
    return call;
  }

  private static ObjectNode call(String... inputs) {
    ObjectNode call = JSON.createObjectNode();
    ArrayNode args = call.putArray("args");
    ArrayNode tensors = inputs.length == 1 ? args : args.addArray();
    for (String input : inputs) {
      ObjectNode tensor = tensors.addObject();
      tensor.put("class_name", "__keras_tensor__");
      tensor.putObject("config").putArray("keras_history").add(input).add(0).add(0);
    }
    call.putObject("kwargs").putNull("mask");
    return call;
  }
}
