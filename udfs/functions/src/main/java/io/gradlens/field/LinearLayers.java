package io.gradlens.field;

import io.gradlens.UserInputException;
import io.gradlens.ode.nn.MlpShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A network's parameters as PyTorch's {@code state_dict} has them: {@code NAME.weight} {@code [out,
 * in]} and {@code NAME.bias} {@code [out]} for every linear layer.
 *
 * <p>Written are the names of {@code nn.Sequential(Linear, activation, Linear, …)}: 0, 2, 4, …. Any
 * names are read; numbers in them are compared as numbers, so that layer 10 comes after layer 2.
 */
final class LinearLayers {

  private static final String WEIGHT = ".weight";
  private static final String BIAS = ".bias";

  private LinearLayers() {}

  static List<Tensor> tensors(MlpShape shape, double[] theta) {
    List<Tensor> tensors = new ArrayList<>();
    for (int l = 0; l < shape.layers(); l++) {
      int in = shape.inputs(l);
      int out = shape.outputs(l);
      int at = shape.offset(l);
      double[] weights = Arrays.copyOfRange(theta, at, at + in * out);
      double[] biases = Arrays.copyOfRange(theta, at + in * out, at + in * out + out);
      tensors.add(new Tensor(2 * l + WEIGHT, new int[] {out, in}, weights));
      tensors.add(new Tensor(2 * l + BIAS, new int[] {out}, biases));
    }
    return tensors;
  }

  /** Of every number of θ: {@code 0.weight[3,1]}, {@code 0.bias[3]}, …. */
  static List<String> parameterNames(MlpShape shape) {
    List<String> names = new ArrayList<>();
    for (int l = 0; l < shape.layers(); l++) {
      for (int i = 0; i < shape.outputs(l); i++) {
        for (int j = 0; j < shape.inputs(l); j++) {
          names.add("%d.weight[%d,%d]".formatted(2 * l, i, j));
        }
      }
      for (int i = 0; i < shape.outputs(l); i++) {
        names.add("%d.bias[%d]".formatted(2 * l, i));
      }
    }
    return names;
  }

  /**
   * Puts θ together.
   *
   * @param file for messages
   * @throws UserInputException if the tensors are not those of the network, with both
   */
  static double[] theta(MlpShape shape, List<Tensor> tensors, String file) {
    Map<String, Tensor> byName =
        tensors.stream().collect(Collectors.toMap(Tensor::name, tensor -> tensor));
    List<String> layers =
        tensors.stream()
            .map(Tensor::name)
            .filter(name -> name.endsWith(WEIGHT))
            .map(name -> name.substring(0, name.length() - WEIGHT.length()))
            .sorted(Comparator.comparing(LinearLayers::sortable))
            .toList();
    if (layers.size() != shape.layers() || tensors.size() != 2 * layers.size()) {
      throw mismatch(shape, tensors, file);
    }
    double[] theta = new double[shape.params()];
    for (int l = 0; l < layers.size(); l++) {
      Tensor weight = byName.get(layers.get(l) + WEIGHT);
      Tensor bias = byName.get(layers.get(l) + BIAS);
      if (bias == null
          || !weight.hasShape(shape.outputs(l), shape.inputs(l))
          || !bias.hasShape(shape.outputs(l))) {
        throw mismatch(shape, tensors, file);
      }
      int at = shape.offset(l);
      System.arraycopy(weight.values(), 0, theta, at, weight.values().length);
      System.arraycopy(bias.values(), 0, theta, at + weight.values().length, shape.outputs(l));
    }
    return theta;
  }

  /** With numbers filled up to one length. */
  private static String sortable(String name) {
    StringBuilder key = new StringBuilder();
    for (String part : name.split("(?<=\\d)(?=\\D)|(?<=\\D)(?=\\d)")) {
      boolean isNumber = !part.isEmpty() && Character.isDigit(part.charAt(0));
      key.append(isNumber ? "0".repeat(Math.max(0, 12 - part.length())) : "").append(part);
    }
    return key.toString();
  }

  private static UserInputException mismatch(MlpShape shape, List<Tensor> tensors, String file) {
    Map<String, int[]> expected = new HashMap<>();
    List<String> order = new ArrayList<>();
    for (int l = 0; l < shape.layers(); l++) {
      expected.put(2 * l + WEIGHT, new int[] {shape.outputs(l), shape.inputs(l)});
      expected.put(2 * l + BIAS, new int[] {shape.outputs(l)});
      order.addAll(List.of(2 * l + WEIGHT, 2 * l + BIAS));
    }
    return new UserInputException(
        "Weights file %s does not fit the network: expected %s, it has %s."
            .formatted(
                file,
                order.stream()
                    .map(name -> name + Arrays.toString(expected.get(name)))
                    .collect(Collectors.joining(", ")),
                tensors.stream()
                    .map(tensor -> tensor.name() + Arrays.toString(tensor.shape()))
                    .collect(Collectors.joining(", "))));
  }
}
