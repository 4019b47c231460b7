package io.gradlens.field;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gradlens.UserInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The safetensors format: eight bytes n (little-endian), a JSON header of n bytes that gives every
 * tensor's dtype, shape and place, and the numbers. Read are F64 and F32; written is F64, which
 * keeps every double.
 *
 * <p>Source: the format's description at github.com/huggingface/safetensors.
 */
final class Safetensors {

  private static final int MAX_HEADER = 100_000_000;
  private static final String METADATA = "__metadata__";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private record Entry(String name, int[] shape, int width, long begin, long end) {}

  private final byte[] bytes;
  private final String file;

  private Safetensors(byte[] bytes, String file) {
    this.bytes = bytes;
    this.file = file;
  }

  /**
   * Reads all tensors.
   *
   * @param file for messages
   * @throws UserInputException saying what of the file is not as the format wants it
   */
  static List<Tensor> read(byte[] bytes, String file) {
    return new Safetensors(bytes, file).tensors();
  }

  private List<Tensor> tensors() {
    if (bytes.length < 8) {
      throw refused("it has %d bytes, and the length of the header takes 8", bytes.length);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long header = buffer.getLong(0);
    if (header < 2 || header > Math.min(MAX_HEADER, bytes.length - 8L)) {
      throw refused("its header should have %d bytes, of %d in all", header, bytes.length);
    }
    int start = 8 + (int) header;
    List<Entry> entries = entries(new String(bytes, 8, (int) header, StandardCharsets.UTF_8));
    checkPlaces(entries, bytes.length - start);
    List<Tensor> tensors = new ArrayList<>();
    for (Entry entry : entries) {
      double[] values = new double[(int) ((entry.end - entry.begin) / entry.width)];
      buffer.position(start + (int) entry.begin);
      for (int i = 0; i < values.length; i++) {
        values[i] = entry.width == Double.BYTES ? buffer.getDouble() : buffer.getFloat();
      }
      tensors.add(new Tensor(entry.name, entry.shape, values));
    }
    return tensors;
  }

  private List<Entry> entries(String header) {
    JsonNode root;
    try {
      root = JSON.readTree(header);
    } catch (JsonProcessingException e) {
      throw refused("its header is not JSON: %s", e.getOriginalMessage());
    }
    if (!root.isObject()) {
      throw refused("its header is not a JSON object");
    }
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : root.properties()) {
      if (!field.getKey().equals(METADATA)) {
        entries.add(entry(field.getKey(), field.getValue()));
      }
    }
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    return entries;
  }

  private Entry entry(String name, JsonNode node) {
    String dtype = node.path("dtype").asText();
    int width = dtype.equals("F64") ? Double.BYTES : Float.BYTES;
    if (!dtype.equals("F64") && !dtype.equals("F32")) {
      throw refused("tensor '%s' has dtype '%s'; save it as F64 or F32", name, dtype);
    }
    JsonNode axes = node.path("shape");
    JsonNode place = node.path("data_offsets");
    if (!axes.isArray() || !place.isArray() || place.size() != 2) {
      throw refused("tensor '%s' needs a shape and two data_offsets", name);
    }
    int[] shape = new int[axes.size()];
    long size = width;
    for (int i = 0; i < shape.length; i++) {
      shape[i] = axes.get(i).canConvertToInt() ? axes.get(i).asInt() : -1;
      if (shape[i] < 0 || shape[i] > 0 && size > bytes.length / shape[i]) {
        throw refused("tensor '%s' cannot have the shape %s", name, axes);
      }
      size *= shape[i];
    }
    long begin = place.get(0).asLong(-1);
    long end = place.get(1).asLong(-1);
    if (end - begin != size) {
      throw refused(
          "tensor '%s' of dtype %s and shape %s takes %d bytes, its data_offsets are %s",
          name, dtype, axes, size, place);
    }
    return new Entry(name, shape, width, begin, end);
  }

  /** One after the other from the first byte to the last. */
  private void checkPlaces(List<Entry> entries, long length) {
    long at = 0;
    for (Entry entry : entries) {
      if (entry.begin != at) {
        throw refused("tensor '%s' begins at byte %d, expected %d", entry.name, entry.begin, at);
      }
      at = entry.end;
    }
    if (at != length) {
      throw refused("its tensors take %d bytes, it has %d; it may be cut off", at, length);
    }
  }

  private UserInputException refused(String why, Object... values) {
    return new UserInputException(
        "Weights file %s is no safetensors file that can be read: %s."
            .formatted(file, why.formatted(values)));
  }

  /** A file of these tensors, in double precision and this order. */
  static byte[] write(List<Tensor> tensors) {
    ObjectNode header = JSON.createObjectNode();
    long at = 0;
    for (Tensor tensor : tensors) {
      ObjectNode entry = header.putObject(tensor.name());
      entry.put("dtype", "F64");
      var shape = entry.putArray("shape");
      for (int axis : tensor.shape()) {
        shape.add(axis);
      }
      entry.putArray("data_offsets").add(at).add(at += 8L * tensor.values().length);
    }
    // Spaces at its end, so that the numbers are aligned.
    String text = header.toString();
    byte[] json =
        (text + " ".repeat(-text.getBytes(StandardCharsets.UTF_8).length & 7))
            .getBytes(StandardCharsets.UTF_8);
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.toIntExact(8 + json.length + at)).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(json.length).put(json);
    for (Tensor tensor : tensors) {
      for (double value : tensor.values()) {
        buffer.putDouble(value);
      }
    }
    return buffer.array();
  }
}
