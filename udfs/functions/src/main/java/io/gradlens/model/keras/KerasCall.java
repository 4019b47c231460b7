package io.gradlens.model.keras;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One application of a layer: what goes in, and the keyword arguments beside it.
 *
 * <p>Keras 2 writes {@code [["conv",0,0,{}],…]} a call, or without the outer list where the call
 * takes one tensor; Keras 3 writes {@code {"args":[…],"kwargs":{…}}} with tensors as objects that
 * hold a {@code keras_history}. Both are read into the same list of operands.
 *
 * @param operands tensors and numbers in the order of the arguments
 * @param arguments other keyword arguments
 */
record KerasCall(List<Operand> operands, JsonNode arguments) {

  /** What a call takes: a tensor or a constant. */
  sealed interface Operand {}

  /**
   * The output of a layer.
   *
   * @param layer its name
   * @param call which of its applications
   * @param output which of that application's outputs
   */
  record Tensor(String layer, int call, int output) implements Operand {}

  /** Numbers that stand in the configuration itself. */
  record Constant(double[] values) implements Operand {}

  /** A call with one tensor as its only argument. */
  static KerasCall of(Tensor tensor) {
    return new KerasCall(List.of(tensor), JsonNodeFactory.instance.objectNode());
  }

  List<Tensor> tensors() {
    return operands.stream().filter(Tensor.class::isInstance).map(Tensor.class::cast).toList();
  }

  /** Reads one entry of {@code inbound_nodes}. */
  static KerasCall parse(JsonNode node) {
    List<Operand> operands = new ArrayList<>();
    ObjectNode arguments = JsonNodeFactory.instance.objectNode();
    if (node.isObject()) {
      node.path("args").forEach(argument -> addModern(argument, operands));
      keywords(node.path("kwargs"), operands, arguments);
    } else {
      addLegacy(node, operands, arguments);
    }
    return new KerasCall(List.copyOf(operands), arguments);
  }

  /** Reads {@code input_layers} or {@code output_layers}: one reference, a list or a mapping. */
  static List<Tensor> references(JsonNode node) {
    if (isReference(node)) {
      return List.of(reference(node));
    }
    List<Tensor> found = new ArrayList<>();
    node.forEach(child -> found.addAll(references(child)));
    return found;
  }

  private static void addModern(JsonNode argument, List<Operand> operands) {
    if (argument.path("class_name").asText().equals("__keras_tensor__")) {
      operands.add(reference(argument.path("config").path("keras_history")));
    } else if (holdsTensor(argument)) {
      argument.forEach(item -> addModern(item, operands));
    } else {
      addConstant(argument, operands);
    }
  }

  private static boolean holdsTensor(JsonNode argument) {
    return !argument.findValues("keras_history").isEmpty();
  }

  private static void addLegacy(JsonNode node, List<Operand> operands, ObjectNode arguments) {
    if (!isLegacyTensor(node)) {
      node.forEach(item -> addLegacy(item, operands, arguments));
      return;
    }
    if (node.get(0).asText().equals("_CONSTANT_VALUE")) {
      addConstant(node.get(2), operands);
    } else {
      operands.add(reference(node));
    }
    keywords(node.path(3), operands, arguments);
  }

  private static void keywords(JsonNode given, List<Operand> operands, ObjectNode arguments) {
    for (Map.Entry<String, JsonNode> entry : given.properties()) {
      JsonNode value = entry.getValue();
      boolean operand = List.of("inputs", "x", "y", "x1", "x2", "value").contains(entry.getKey());
      if (isReference(value) || (value.isArray() && isReference(value.path(0)))) {
        operands.addAll(references(value));
      } else if (holdsTensor(value)) {
        addModern(value, operands);
      } else if (operand) {
        addConstant(value, operands);
      } else {
        arguments.set(entry.getKey(), value);
      }
    }
  }

  private static void addConstant(JsonNode value, List<Operand> operands) {
    double[] values = KerasLayer.numbers(value);
    if (values.length > 0) {
      operands.add(new Constant(values));
    }
  }

  private static boolean isLegacyTensor(JsonNode node) {
    return node.isArray()
        && node.size() >= 3
        && node.get(0).isTextual()
        && node.get(1).isIntegralNumber();
  }

  private static boolean isReference(JsonNode node) {
    return isLegacyTensor(node) && node.get(2).isIntegralNumber();
  }

  private static Tensor reference(JsonNode node) {
    return new Tensor(node.path(0).asText(), node.path(1).asInt(), node.path(2).asInt());
  }
}
