package io.gradlens.model.keras;

import io.gradlens.UserInputException;
import io.gradlens.model.graph.InputShape;
import io.gradlens.model.graph.LayerGraph;
import io.gradlens.model.keras.KerasCall.Tensor;
import io.gradlens.model.layer.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Lays a Keras model out as a {@link LayerGraph}.
 *
 * <p>Nested models are flattened: the layers of {@code backbone} become {@code backbone/conv1} and
 * so on, and the nested model itself does not appear. A layer that is applied several times appears
 * as {@code conv}, {@code conv:1}, …, with its parameters counted once, as Keras does.
 */
final class KerasGraph {

  /** One application of a layer. */
  private record Application(KerasLayer layer, int number) {
    KerasCall call() {
      return layer.calls().get(number);
    }
  }

  /** Its ops, and how many parameters they have. */
  private record Translated(List<Op> ops, long trainable, long nonTrainable) {}

  private final KerasWeights weights;
  private final LayerGraph.Builder builder = new LayerGraph.Builder();
  private final Map<KerasLayer, Translated> withWeights = new HashMap<>();

  private KerasGraph(KerasWeights weights) {
    this.weights = weights;
  }

  /**
   * @throws UserInputException naming the layer that cannot be had, or saying what else is wrong
   */
  static LayerGraph build(KerasModel model, KerasWeights weights) {
    KerasGraph graph = new KerasGraph(weights);
    List<Integer> outputs = graph.lay(model, "", List.of());
    if (outputs.size() != 1) {
      throw new UserInputException(
          "The model has %d outputs (%s); networks with one are supported."
              .formatted(
                  outputs.size(),
                  String.join(", ", model.outputs().stream().map(Tensor::layer).toList())));
    }
    return graph.builder.build(outputs.get(0));
  }

  /**
   * @param inputs nodes that feed a nested model; none for the outermost
   * @return the nodes of the model's outputs
   */
  private List<Integer> lay(KerasModel model, String prefix, List<Integer> inputs) {
    Map<Tensor, Integer> values = new HashMap<>();
    for (int i = 0; i < inputs.size() && i < model.inputs().size(); i++) {
      Tensor fed = model.inputs().get(i);
      values.put(new Tensor(fed.layer(), 0, 0), inputs.get(i));
    }
    Set<Application> pending = new LinkedHashSet<>();
    for (KerasLayer layer : model.layers()) {
      if (layer.className().equals("InputLayer")) {
        if (prefix.isEmpty()) {
          values.put(
              new Tensor(layer.name(), 0, 0), builder.input(layer.name(), inputShape(layer)));
        }
      } else {
        IntStream.range(0, layer.calls().size())
            .forEach(i -> pending.add(new Application(layer, i)));
      }
    }
    while (!pending.isEmpty()) {
      int before = pending.size();
      pending.removeIf(application -> apply(application, prefix, values));
      if (pending.size() == before) {
        Application stuck = pending.iterator().next();
        throw stuck
            .layer()
            .problem("takes %s, which nothing computes".formatted(missing(stuck, values)));
      }
    }
    return model.outputs().stream().map(tensor -> value(tensor, values)).toList();
  }

  private static List<String> missing(Application application, Map<Tensor, Integer> values) {
    return application.call().tensors().stream()
        .filter(t -> !values.containsKey(t))
        .map(t -> "'" + t.layer() + "'")
        .toList();
  }

  private static int value(Tensor tensor, Map<Tensor, Integer> values) {
    Integer node = values.get(tensor);
    if (node == null) {
      throw new UserInputException(
          "The model's output is layer '%s', which nothing computes.".formatted(tensor.layer()));
    }
    return node;
  }

  /** Adds one application if its inputs are there already. */
  private boolean apply(Application application, String prefix, Map<Tensor, Integer> values) {
    KerasLayer layer = application.layer();
    List<Integer> inputs = new ArrayList<>();
    for (Tensor tensor : application.call().tensors()) {
      Integer node = values.get(tensor);
      if (node == null) {
        return false;
      }
      inputs.add(node);
    }
    if (inputs.isEmpty()) {
      throw layer.problem("takes no tensor");
    }
    String suffix = application.number() == 0 ? "" : ":" + application.number();
    String name = prefix + layer.name() + suffix;
    List<Integer> outputs =
        layer.model() == null
            ? List.of(add(application, name, inputs))
            : lay(layer.model(), name + "/", inputs);
    int call = application.number() + layer.parent().firstCall(layer);
    for (int i = 0; i < outputs.size(); i++) {
      values.put(new Tensor(layer.name(), call, i), outputs.get(i));
    }
    return true;
  }

  private int add(Application application, String name, List<Integer> inputs) {
    KerasLayer layer = application.layer();
    Translated translated = withWeights.get(layer);
    if (translated != null) {
      translated = new Translated(translated.ops(), 0, 0);
    } else {
      List<int[]> shapes = inputs.stream().map(builder::shape).toList();
      KerasContext context = new KerasContext(layer, application.call(), shapes, weights);
      translated = counted(layer, KerasLayers.translate(context));
      if (context.hasWeights()) {
        withWeights.put(layer, translated);
      }
    }
    int[] nodes = inputs.stream().mapToInt(Integer::intValue).toArray();
    return builder.layer(
        name,
        layer.className(),
        nodes,
        translated.ops(),
        translated.trainable(),
        translated.nonTrainable());
  }

  private static Translated counted(KerasLayer layer, List<Op> ops) {
    long trainable = ops.stream().mapToLong(Op::trainable).sum();
    long frozen = ops.stream().mapToLong(Op::nonTrainable).sum();
    return layer.isTrainable()
        ? new Translated(ops, trainable, frozen)
        : new Translated(ops, 0, trainable + frozen);
  }

  private static InputShape inputShape(KerasLayer layer) {
    String key = layer.setting("batch_shape").isMissingNode() ? "batch_input_shape" : "batch_shape";
    var shape = layer.setting(key);
    if (shape.size() != 4 || !shape.path(3).isIntegralNumber()) {
      throw layer.problem(
          "has the shape %s; pictures have [batch, height, width, channels]"
              .formatted(shape.isMissingNode() ? "unknown" : shape));
    }
    return new InputShape(shape.path(1).asInt(-1), shape.path(2).asInt(-1), shape.path(3).asInt());
  }
}
