package io.gradlens.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gradlens.decode.ImageDecoder.Exif;
import io.gradlens.image.Fit;
import io.gradlens.image.ResizeFilter;
import io.gradlens.model.graph.InputShape;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * What Gradlens stores beside a network in its file, as JSON: {@code {"input": {"height", "width",
 * "channels"}, "preprocessing": {"channelOrder", "scale", "mean", "std"}, "sizing": {"resize",
 * "fit", "exif"}, "classNames": […]}}; each part may be missing, and others may be there.
 *
 * @param input the input's shape, or null
 * @param preprocessing how pixels become the input, or null
 * @param sizing how pictures get the input's size, or null
 * @param classNames the classes' names in the order of the logits, or null
 */
public record StoredMetadata(
    InputShape input, Preprocessing preprocessing, Sizing sizing, List<String> classNames) {

  /** The entry of a DL4J archive that holds it. */
  public static final String ENTRY = "gradlens.json";

  /** Nothing is stored. */
  public static final StoredMetadata NONE = new StoredMetadata(null, null, null, null);

  /**
   * What a DL4J archive stores; nothing where it has no such entry.
   *
   * @throws IOException if the entry is damaged
   */
  public static StoredMetadata in(ZipFile archive) throws IOException {
    ZipEntry entry = archive.getEntry(ENTRY);
    if (entry == null) {
      return NONE;
    }
    try (InputStream in = archive.getInputStream(entry)) {
      return of(new ObjectMapper().readTree(in));
    }
  }

  private static StoredMetadata of(JsonNode json) {
    return new StoredMetadata(
        input(json.get("input")),
        preprocessing(json.get("preprocessing")),
        sizing(json.get("sizing")),
        classNames(json.get("classNames")));
  }

  private static InputShape input(JsonNode input) {
    return input == null
        ? null
        : new InputShape(
            input.path("height").asInt(-1),
            input.path("width").asInt(-1),
            input.path("channels").asInt(3));
  }

  private static Preprocessing preprocessing(JsonNode stored) {
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

  private static Sizing sizing(JsonNode stored) {
    return stored == null
        ? null
        : new Sizing(
            ResizeFilter.named(stored.path("resize").asText()),
            Fit.named(stored.path("fit").asText()),
            Exif.valueOf(stored.path("exif").asText().toUpperCase(Locale.ROOT)));
  }

  private static List<String> classNames(JsonNode names) {
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

  /** The same as JSON, to which more may be added. */
  public ObjectNode toJson() {
    ObjectMapper json = new ObjectMapper();
    ObjectNode root = json.createObjectNode();
    if (input != null) {
      root.putObject("input")
          .put("height", input.height())
          .put("width", input.width())
          .put("channels", input.channels());
    }
    if (preprocessing != null) {
      ObjectNode stored = root.putObject("preprocessing");
      stored.put("channelOrder", preprocessing.channelOrder().name());
      stored.put("scale", preprocessing.scale());
      stored.set("mean", json.valueToTree(preprocessing.mean()));
      stored.set("std", json.valueToTree(preprocessing.std()));
    }
    if (sizing != null) {
      root.putObject("sizing")
          .put("resize", sizing.resize().optionName())
          .put("fit", sizing.fit().optionName())
          .put("exif", sizing.exif().name().toLowerCase(Locale.ROOT));
    }
    if (classNames != null) {
      root.set("classNames", json.valueToTree(classNames));
    }
    return root;
  }
}
