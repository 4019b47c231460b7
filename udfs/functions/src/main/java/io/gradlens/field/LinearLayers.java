package io.gradlens.field;

import io.gradlens.UserInputException;
import io.gradlens.ode.nn.MlpShape;
import io.gradlens.train.LatentShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The parameters of linear layers as PyTorch's {@code state_dict} has them: {@code NAME.weight}
 * {@code [out, in]} and {@code NAME.bias} {@code [out]} for each. θ has them in this order.
 */
final class LinearLayers {

  private static final String WEIGHT = ".weight";
  private static final String BIAS = ".bias";

  private record Layer(String name, int in, int out) {
    int params() {
      return out * (in + 1);
    }
  }

  private final List<Layer> layers;
  private final boolean isNamedFreely;

  private LinearLayers(List<Layer> layers, boolean isNamedFreely) {
    this.layers = layers;
    this.isNamedFreely = isNamedFreely;
  }

  /**
   * Those of {@code nn.Sequential(Linear, activation, Linear, …)}: 0, 2, 4, …. Any names are read;
   * numbers in them are compared as numbers, so that layer 10 comes after layer 2.
   */
  static LinearLayers of(MlpShape shape) {
    List<Layer> layers = new ArrayList<>();
    for (int l = 0; l < shape.layers(); l++) {
      layers.add(new Layer(Integer.toString(2 * l), shape.inputs(l), shape.outputs(l)));
    }
    return new LinearLayers(layers, true);
  }

  /** Those about a latent state, by their own names. */
  static LinearLayers of(LatentShape shape) {
    return new LinearLayers(
        shape.layers().stream()
            .map(layer -> new Layer(layer.name(), layer.in(), layer.out()))
            .toList(),
        false);
  }

  List<Tensor> tensors(double[] theta) {
    List<Tensor> tensors = new ArrayList<>();
    int at = 0;
    for (Layer layer : layers) {
      int biases = at + layer.in * layer.out;
      double[] weights = Arrays.copyOfRange(theta, at, biases);
      at += layer.params();
      tensors.add(new Tensor(layer.name + WEIGHT, new int[] {layer.out, layer.in}, weights));
      tensors.add(
          new Tensor(
              layer.name + BIAS, new int[] {layer.out}, Arrays.copyOfRange(theta, biases, at)));
    }
    return tensors;
  }

  /** Of every number of θ: {@code 0.weight[3,1]}, {@code 0.bias[3]}, …. */
  List<String> parameterNames() {
    List<String> names = new ArrayList<>();
    for (Layer layer : layers) {
      for (int i = 0; i < layer.out; i++) {
        for (int j = 0; j < layer.in; j++) {
          names.add("%s.weight[%d,%d]".formatted(layer.name, i, j));
        }
      }
      for (int i = 0; i < layer.out; i++) {
        names.add("%s.bias[%d]".formatted(layer.name, i));
      }
    }
    return names;
  }

  /**
   * Puts θ together.
   *
   * @param file for messages
   * @throws UserInputException if the tensors are not those of the layers, with both
   */
  double[] theta(List<Tensor> tensors, String file) {
    Map<String, Tensor> byName =
        tensors.stream().collect(Collectors.toMap(Tensor::name, tensor -> tensor));
    List<String> names = isNamedFreely ? inOrder(byName.keySet()) : names();
    if (names.size() != layers.size() || tensors.size() != 2 * layers.size()) {
      throw mismatch(tensors, file);
    }
    double[] theta = new double[layers.stream().mapToInt(Layer::params).sum()];
    int at = 0;
    for (int l = 0; l < layers.size(); l++) {
      Layer layer = layers.get(l);
      Tensor weight = byName.get(names.get(l) + WEIGHT);
      Tensor bias = byName.get(names.get(l) + BIAS);
      if (weight == null
          || bias == null
          || !weight.hasShape(layer.out, layer.in)
          || !bias.hasShape(layer.out)) {
        throw mismatch(tensors, file);
      }
      System.arraycopy(weight.values(), 0, theta, at, weight.values().length);
      System.arraycopy(bias.values(), 0, theta, at + weight.values().length, layer.out);
      at += layer.params();
    }
    return theta;
  }

  private List<String> names() {
    return layers.stream().map(Layer::name).toList();
  }

  private static List<String> inOrder(Set<String> tensors) {
    return tensors.stream()
        .filter(name -> name.endsWith(WEIGHT))
        .map(name -> name.substring(0, name.length() - WEIGHT.length()))
        .sorted(Comparator.comparing(LinearLayers::sortable))
        .toList();
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

  private UserInputException mismatch(List<Tensor> tensors, String file) {
    List<String> expected = new ArrayList<>();
    for (Layer layer : layers) {
      expected.add("%s.weight[%d, %d]".formatted(layer.name, layer.out, layer.in));
      expected.add("%s.bias[%d]".formatted(layer.name, layer.out));
    }
    return new UserInputException(
        "Weights file %s does not fit the network: expected %s, it has %s."
            .formatted(
                file,
                String.join(", ", expected),
                tensors.stream()
                    .map(tensor -> tensor.name() + Arrays.toString(tensor.shape()))
                    .collect(Collectors.joining(", "))));
  }
}
