package io.gradlens.model.keras;

import io.jhdf.api.Attribute;
import io.jhdf.api.Node;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads string attributes, of fixed or variable length, scalar or list. Keras splits what is too
 * large for one attribute over {@code name0}, {@code name1}, ….
 */
final class HdfStrings {

  private HdfStrings() {}

  /** All strings of an attribute, in order; none where it is missing or empty. */
  static List<String> list(Node node, String name) {
    List<String> found = new ArrayList<>();
    Attribute whole = node.getAttribute(name);
    if (whole != null) {
      add(whole, found);
      return found;
    }
    for (int i = 0; node.getAttribute(name + i) != null; i++) {
      add(node.getAttribute(name + i), found);
    }
    return found;
  }

  /** An attribute as one text, or null where it is missing. */
  static String text(Node node, String name) {
    List<String> parts = list(node, name);
    return parts.isEmpty() ? null : String.join("", parts);
  }

  private static void add(Attribute attribute, List<String> found) {
    if (attribute.isEmpty()) {
      return;
    }
    Object data = attribute.getData();
    if (data instanceof String text) {
      found.add(text);
    } else if (data instanceof String[] texts) {
      found.addAll(List.of(texts));
    } else if (data instanceof byte[] bytes) {
      found.add(new String(bytes, StandardCharsets.UTF_8));
    }
  }
}
