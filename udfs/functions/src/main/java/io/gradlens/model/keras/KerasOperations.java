package io.gradlens.model.keras;

import io.gradlens.model.keras.KerasCall.Constant;
import io.gradlens.model.keras.KerasCall.Operand;
import io.gradlens.model.layer.Merge;
import io.gradlens.model.layer.Op;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * Arithmetic and functions that stand in a network without a layer around them: {@code x / 255},
 * {@code tf.math.multiply(x, y)}, {@code ops.relu6(x + 3)}. Keras 2 wraps them into TFOpLambda or
 * TensorFlowOpLayer, Keras 3 has operations.
 */
final class KerasOperations {
  private static final Map<String, String> ARITHMETIC =
      Map.ofEntries(
          Map.entry("add", "+"),
          Map.entry("addv2", "+"),
          Map.entry("subtract", "-"),
          Map.entry("sub", "-"),
          Map.entry("multiply", "*"),
          Map.entry("mul", "*"),
          Map.entry("truediv", "/"),
          Map.entry("realdiv", "/"),
          Map.entry("divide", "/"),
          Map.entry("truedivide", "/"));
  private static final Map<String, String> FUNCTIONS =
      Map.of("hardsigmoid", "hard_sigmoid", "hardsilu", "hard_silu", "exp", "exponential");

  private KerasOperations() {}

  /** True if there is an operation of the name of the layer's class. */
  static boolean includes(KerasLayer layer) {
    String function = function(layer);
    String activation = FUNCTIONS.getOrDefault(function, function);
    return ARITHMETIC.containsKey(function) || KerasActivations.names().contains(activation);
  }

  static List<Op> translate(KerasContext context) {
    String function = function(context.layer());
    String operator = ARITHMETIC.get(function);
    if (operator != null) {
      return arithmetic(context, operator);
    }
    String activation = FUNCTIONS.getOrDefault(function, function);
    if (!KerasActivations.names().contains(activation)) {
      throw context
          .layer()
          .problem(
              "is the bare operation '%s'; supported are +, -, *, / and activations, or use a layer"
                  .formatted(function));
    }
    return KerasActivations.named(context.layer(), activation);
  }

  private static String function(KerasLayer layer) {
    String name =
        switch (layer.className()) {
          case "TFOpLambda" -> layer.text("function", "?");
          case "TensorFlowOpLayer" -> layer.setting("node_def").path("op").asText("?");
          default -> layer.className();
        };
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  private static List<Op> arithmetic(KerasContext context, String operator) {
    List<Operand> operands = operands(context);
    if (operands.size() != 2) {
      throw context.layer().problem("takes two operands, got " + operands.size());
    }
    if (operands.get(1) instanceof Constant right) {
      return withConstant(context, operator, right.values());
    }
    if (operands.get(0) instanceof Constant left) {
      return constantFirst(context, operator, left.values());
    }
    return List.of(
        new Merge(
            switch (operator) {
              case "+" -> Merge.Kind.ADD;
              case "-" -> Merge.Kind.SUBTRACT;
              case "*" -> Merge.Kind.MULTIPLY;
              default -> throw context.layer().problem("divides one tensor by another");
            }));
  }

  private static List<Operand> operands(KerasContext context) {
    List<Operand> given = context.call().operands();
    double[] constant = KerasLayer.numbers(context.layer().setting("constants").path("1"));
    if (given.size() == 1 && constant.length > 0) {
      return List.of(given.get(0), new Constant(constant));
    }
    return given;
  }

  private static List<Op> withConstant(KerasContext context, String operator, double[] c) {
    double[] one = {1};
    double[] zero = {0};
    return switch (operator) {
      case "+" -> KerasNormalizations.affine(context, one, c);
      case "-" -> KerasNormalizations.affine(context, one, map(c, v -> -v));
      case "*" -> KerasNormalizations.affine(context, c, zero);
      default -> KerasNormalizations.affine(context, map(c, v -> 1 / v), zero);
    };
  }

  private static List<Op> constantFirst(KerasContext context, String operator, double[] c) {
    return switch (operator) {
      case "+", "*" -> withConstant(context, operator, c);
      case "-" -> KerasNormalizations.affine(context, new double[] {-1}, c);
      default -> throw context.layer().problem("divides a constant by a tensor");
    };
  }

  private static double[] map(double[] values, DoubleUnaryOperator f) {
    return Arrays.stream(values).map(f).toArray();
  }
}
