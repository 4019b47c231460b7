package io.gradlens.network.keras;

import io.gradlens.UserInputException;
import io.gradlens.model.graph.LayerGraph;
import io.gradlens.model.graph.LayerGraph.Node;
import io.gradlens.model.graph.LayerInfo;
import io.gradlens.model.layer.Activation;
import io.gradlens.model.layer.Conv2D;
import io.gradlens.model.layer.Dense;
import io.gradlens.model.layer.DepthwiseConv2D;
import io.gradlens.model.layer.Op;
import io.gradlens.model.layer.PRelu;
import io.gradlens.model.layer.Softmax;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Makes DL4J's network of a graph of ops, from the input to the logits.
 *
 * <p>The last op of a layer is a vertex of the layer's name, those before it have the name and a
 * number; an activation is part of the convolution or dense layer that it belongs to.
 */
final class Conversion {
  /** A classifier's name where the network has none. */
  private static final String NEW = "predictions";

  private final LayerGraph graph;
  private final Head head;
  private final int classes;
  private final Readers readers;
  private final String[] names;
  private final VectorOrder[] orders;
  private final Map<String, Map<String, INDArray>> parameters = new LinkedHashMap<>();
  private final GraphBuilder builder;

  private Conversion(LayerGraph graph, Head head, int classes, long seed) {
    this.graph = graph;
    this.head = head;
    this.classes = classes;
    int count = graph.nodes().size();
    names = new String[count];
    orders = new VectorOrder[count];
    readers = new Readers(graph, head.logits());
    builder =
        new NeuralNetConfiguration.Builder()
            .seed(seed)
            .weightInit(WeightInit.XAVIER)
            .graphBuilder()
            .validateOutputLayerConfig(classes > 0);
  }

  /**
   * The network that ends in its logits, with the weights of the ops.
   *
   * @throws UserInputException naming the layer that DL4J cannot train
   */
  static ComputationGraph toLogits(LayerGraph graph, Head head) {
    return new Conversion(graph, head, 0, 1).convert();
  }

  /**
   * The network with a classifier of random weights for other classes, in place of its own or
   * behind its features, softmax, and cross entropy as loss.
   *
   * @param seed of the classifier's weights
   * @throws UserInputException naming the layer that DL4J cannot train
   */
  static ComputationGraph toClasses(LayerGraph graph, Head head, int classes, long seed) {
    return new Conversion(graph, head, classes, seed).convert();
  }

  private ComputationGraph convert() {
    Map<Op, LayerInfo> owners = new IdentityHashMap<>();
    for (int i = 0; i <= head.logits(); i++) {
      if (readers.isNeeded(i)) {
        convert(i, owners);
      }
    }
    builder.setOutputs(classes == 0 ? names[head.logits()] : output());
    ComputationGraph network = new ComputationGraph(builder.build());
    network.init();
    parameters.forEach(
        (name, arrays) ->
            arrays.forEach(
                (key, array) -> {
                  INDArray parameter = network.getLayer(name).getParam(key);
                  parameter.assign(array.reshape(parameter.shape()));
                }));
    return network;
  }

  private void convert(int i, Map<Op, LayerInfo> owners) {
    if (node(i).op() == null) {
      names[i] = layer(i).name();
      builder.addInputs(names[i]);
      return;
    }
    try {
      requireOwnWeights(i, owners);
      if (names[i] == null) {
        add(i);
      }
    } catch (IllegalArgumentException e) {
      throw new UserInputException(
          "Layer '%s' (%s) can be explained but not trained: %s."
              .formatted(layer(i).name(), layer(i).kind(), e.getMessage()),
          e);
    }
  }

  private void requireOwnWeights(int i, Map<Op, LayerInfo> owners) {
    Op op = node(i).op();
    LayerInfo owner = op.trainable() == 0 ? null : owners.put(op, layer(i));
    if (owner != null) {
      throw new IllegalArgumentException(
          "it has the weights of layer '%s', and DL4J's layers share none".formatted(owner.name()));
    }
  }

  private void add(int i) {
    Op op = node(i).op();
    Activation fused = fused(i);
    int end = fused == null ? i : i + 1;
    String name = name(end);
    int[] in = shape(node(i).inputs()[0]);
    VectorOrder order = orders[node(i).inputs()[0]];
    Vertex vertex = LayerConversions.of(op, fused, in, shape(i), order);
    List<VectorOrder> before = Arrays.stream(node(i).inputs()).mapToObj(n -> orders[n]).toList();
    orders[end] = VectorOrder.behind(op, in, shape(i), before);
    names[end] = name;
    String[] inputs =
        Arrays.stream(node(i).inputs()).mapToObj(n -> names[n]).toArray(String[]::new);
    if (vertex.vertex() != null) {
      builder.addVertex(name, vertex.vertex(), inputs);
      return;
    }
    boolean isNew = classes > 0 && i == head.classifier();
    if (isNew) {
      ((FeedForwardLayer) vertex.layer()).setNOut(classes);
    } else {
      parameters.put(name, vertex.parameters());
    }
    if (isNew && isOutput(i)) {
      builder.addLayer(name, softmax(((FeedForwardLayer) vertex.layer()).getNIn()), inputs);
    } else {
      builder.addLayer(
          name, vertex.layer(), isOverwriting(op) ? own(node(i).inputs()[0], name) : inputs);
    }
  }

  /** True for a dense layer that gives the logits itself. */
  private boolean isOutput(int i) {
    return i == head.logits() && i == head.classifier() && node(i).shape().length == 1;
  }

  private OutputLayer softmax(long inputs) {
    return new OutputLayer.Builder(LossFunction.MCXENT)
        .nIn(inputs)
        .nOut(classes)
        .activation(new ActivationSoftmax())
        .build();
  }

  /** The name of the vertex with the loss, which is added unless the logits have it. */
  private String output() {
    int logits = head.logits();
    if (isOutput(logits)) {
      return names[logits];
    }
    String last = names[logits];
    int[] shape = shape(logits);
    int channels = shape[shape.length - 1];
    if (shape.length == 3) {
      String flat = last + "/flat";
      builder.addVertex(
          flat, new PreprocessorVertex(new CnnToFeedForwardPreProcessor(1, 1, channels)), last);
      last = flat;
    }
    if (!head.hasClassifier()) {
      String name = graph.outputOf(NEW) == null ? NEW : NEW + "/new";
      builder.addLayer(name, softmax(channels), last);
      return name;
    }
    LayerInfo end = layer(graph.output());
    String name = end == layer(logits) ? end.name() + "/loss" : end.name();
    builder.addLayer(
        name,
        new LossLayer.Builder(LossFunction.MCXENT).activation(new ActivationSoftmax()).build(),
        last);
    return name;
  }

  /** The activation behind a convolution or dense layer in the same layer of the file, or null. */
  private Activation fused(int i) {
    Op op = node(i).op();
    boolean isLinear = op instanceof Conv2D || op instanceof DepthwiseConv2D || op instanceof Dense;
    return isLinear
            && readers.isNeeded(i + 1)
            && node(i + 1).layer() == node(i).layer()
            && node(i + 1).op() instanceof Activation activation
        ? activation
        : null;
  }

  /** DL4J's activation layers overwrite their input where they do not learn: when frozen, too. */
  private static boolean isOverwriting(Op op) {
    return op instanceof Activation || op instanceof Softmax || op instanceof PRelu;
  }

  /** A node's output for one reader alone: a copy where others read it, or what it is a view of. */
  private String[] own(int node, String reader) {
    if (readers.isReadOnce(node)) {
      return new String[] {names[node]};
    }
    String copy = reader + "/copy";
    // With one input this vertex copies.
    builder.addVertex(copy, new ElementWiseVertex(ElementWiseVertex.Op.Add), names[node]);
    return new String[] {copy};
  }

  private String name(int i) {
    String name = layer(i).name();
    return readers.isLastOfLayer(i) ? name : name + "/" + i;
  }

  /** Of a node's output; with other classes from the classifier on. */
  private int[] shape(int i) {
    int[] shape = node(i).shape().clone();
    if (classes > 0 && head.hasClassifier() && i >= head.classifier()) {
      shape[shape.length - 1] = classes;
    }
    return shape;
  }

  private Node node(int i) {
    return graph.nodes().get(i);
  }

  private LayerInfo layer(int i) {
    return graph.layers().get(node(i).layer());
  }
}
