package io.gradlens.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.gradlens.model.graph.InputShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What Gradlens stores beside a network in its file, as JSON: {@code {"input": {"height", "width",
 * "channels"}, "preprocessing": {"channelOrder", "scale", "mean", "std"}, "classNames": […]}}; each
 * part may be missing.
 */
final class StoredMetadata {

  private StoredMetadata() {}

  /** The input's shape, or null. */
  static InputShape input(JsonNode metadata) {
    JsonNode input = metadata == null ? null : metadata.get("input");
    return input == null
        ? null
        : new InputShape(
            input.path("height").asInt(-1),
            input.path("width").asInt(-1),
            input.path("channels").asInt(3));
  }

  /** How pixels become the input, or null. */
  static Preprocessing preprocessing(JsonNode metadata) {
    JsonNode stored = metadata == null ? null : metadata.get("preprocessing");
    if (stored == null) {
      return null;
    }
    String order = stored.path("channelOrder").asText("RGB").toUpperCase(Locale.ROOT);
    return new Preprocessing(
        Preprocessing.ChannelOrder.valueOf(order),
        stored.path("scale").asDouble(1),
        numbers(stored.get("mean"), 0),
        numbers(stored.get("std"), 1));
  }

  /** The classes' names in the order of the logits, or null. */
  static List<String> classNames(JsonNode metadata) {
    JsonNode names = metadata == null ? null : metadata.get("classNames");
    if (names == null) {
      return null;
    }
    List<String> result = new ArrayList<>();
    names.forEach(name -> result.add(name.asText()));
    return List.copyOf(result);
  }

  private static List<Double> numbers(JsonNode array, double otherwise) {
    if (array == null || array.isEmpty()) {
      return List.of(otherwise);
    }
    List<Double> result = new ArrayList<>();
    array.forEach(value -> result.add(value.asDouble()));
    return result;
  }
}
