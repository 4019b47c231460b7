package io.gradlens.model.keras;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.gradlens.UserInputException;
import java.util.ArrayList;
import java.util.List;

/**
 * One entry of a Keras configuration: a layer, an operation or a nested model, with typed access to
 * its settings that says which layer is at fault.
 */
final class KerasLayer {
  private final String name;
  private final String className;
  private final String module;
  private final JsonNode config;
  private final List<KerasCall> calls;
  private final KerasModel parent;
  private KerasModel model;

  /**
   * @param module the Python module of its class; empty in files of Keras 2
   * @param config its settings
   * @param calls where the network applies it, in order
   * @param parent the model that it stands in
   */
  KerasLayer(
      String name,
      String className,
      String module,
      JsonNode config,
      List<KerasCall> calls,
      KerasModel parent) {
    this.name = name;
    this.className = className;
    this.module = module;
    this.config = config;
    this.calls = List.copyOf(calls);
    this.parent = parent;
  }

  String name() {
    return name;
  }

  String className() {
    return className;
  }

  List<KerasCall> calls() {
    return calls;
  }

  KerasModel parent() {
    return parent;
  }

  /** The nested model that it is, or null. */
  KerasModel model() {
    return model;
  }

  void nest(KerasModel nested) {
    this.model = nested;
  }

  /**
   * True for what is marked as a bare operation of Keras 3, such as the sum in {@code x + 3}. In
   * {@code .h5} files the mark is missing.
   */
  boolean isOperation() {
    return module.contains(".ops");
  }

  /** False where the user has frozen its weights. */
  boolean isTrainable() {
    return flag("trainable", true);
  }

  /**
   * How its weights are stored where that is not plain floating point, or null: quantised (the
   * numbers mean nothing without their scales) or bfloat16.
   */
  String unreadableStorage() {
    JsonNode type = setting("dtype");
    if (type.path("class_name").asText().startsWith("Quantized")) {
      return type.path("config").path("mode").asText("quantised");
    }
    String name = type.isObject() ? type.path("config").path("name").asText() : type.asText();
    return name.equals("bfloat16") || name.contains("_from_") ? name : null;
  }

  /** A setting as it stands; missing where it is not there or is null. */
  JsonNode setting(String key) {
    JsonNode value = config.path(key);
    return value.isNull() ? MissingNode.getInstance() : value;
  }

  boolean flag(String key, boolean otherwise) {
    return setting(key).asBoolean(otherwise);
  }

  String text(String key, String otherwise) {
    return setting(key).asText(otherwise);
  }

  /** A whole number that must be there. */
  int integer(String key) {
    return (int) numbers(key)[0];
  }

  int integer(String key, int otherwise) {
    return setting(key).isMissingNode() ? otherwise : integer(key);
  }

  double number(String key, double otherwise) {
    return setting(key).isMissingNode() ? otherwise : numbers(key)[0];
  }

  /** Rows and columns: {@code [2,3]}, or a single number for both. */
  int[] pair(String key) {
    double[] values = numbers(key);
    if (values.length > 2) {
      throw problem("has '%s' %s; two numbers are expected".formatted(key, setting(key)));
    }
    return new int[] {(int) values[0], (int) values[values.length - 1]};
  }

  int[] pair(String key, int[] otherwise) {
    return setting(key).isMissingNode() ? otherwise : pair(key);
  }

  /** All numbers of a setting, however they are nested; at least one. */
  double[] numbers(String key) {
    double[] values = numbers(setting(key));
    if (values.length == 0) {
      throw problem("has no usable '%s' in its configuration".formatted(key));
    }
    return values;
  }

  /** The numbers in a JSON value: a number, nested lists, or an array that Keras has wrapped. */
  static double[] numbers(JsonNode value) {
    List<Double> found = new ArrayList<>();
    collect(value, found);
    return found.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static void collect(JsonNode value, List<Double> found) {
    if (value.isNumber()) {
      found.add(value.doubleValue());
    } else if (value.isArray()) {
      value.forEach(item -> collect(item, found));
    } else if (value.isObject()) {
      collect(value.path("value"), found);
      collect(value.path("config"), found);
    }
  }

  /** An exception that says what is wrong with this layer. */
  UserInputException problem(String what) {
    return new UserInputException("Layer '%s' (%s) %s.".formatted(name, className, what));
  }
}
