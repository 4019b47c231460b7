package io.gradlens.network.keras;

import io.gradlens.UserInputException;
import io.gradlens.model.graph.LayerGraph;
import io.gradlens.model.graph.LayerInfo;
import io.gradlens.model.layer.Activation;
import io.gradlens.model.layer.Conv2D;
import io.gradlens.model.layer.Dense;
import io.gradlens.model.layer.GlobalPool2D;
import io.gradlens.model.layer.Op;
import io.gradlens.model.layer.Pool2D;
import io.gradlens.model.layer.Softmax;

/**
 * The end of a network, as nodes of its graph.
 *
 * @param classifier the dense layer or the convolution whose outputs are the classes; {@link #NONE}
 *     in a network that ends in features: one without softmax or sigmoid, and without a dense layer
 *     at the end
 * @param logits what comes before the softmax or sigmoid, or the output where there is none
 */
record Head(int classifier, int logits) {
  private static final int NONE = -1;

  /**
   * @throws UserInputException naming the layer, if the classes do not come from one dense layer or
   *     convolution, or the output is no vector
   */
  static Head of(LayerGraph graph) {
    int end = graph.output();
    while (op(graph, end) != null && op(graph, end).isView()) {
      end = input(graph, end);
    }
    Op last = op(graph, end);
    boolean isProbability =
        last instanceof Softmax || last instanceof Activation a && a.isSigmoid();
    int logits = isProbability ? input(graph, end) : graph.output();
    requireVector(graph, logits);
    int at = logits;
    while (isPassed(op(graph, at))) {
      at = input(graph, at);
    }
    if (!isProbability && !(op(graph, at) instanceof Dense)) {
      return new Head(NONE, logits);
    }
    if (!(op(graph, at) instanceof Dense || op(graph, at) instanceof Conv2D)
        || channels(graph, at) != channels(graph, logits)) {
      throw new UserInputException(
          "The classes come from layer '%s' (%s); a dense layer, or a convolution with an average behind it, can be made anew for other classes."
              .formatted(layer(graph, at).name(), layer(graph, at).kind()));
    }
    return new Head(at, logits);
  }

  private static void requireVector(LayerGraph graph, int node) {
    int[] shape = graph.nodes().get(node).shape();
    if (shape.length == 3 && !(shape[0] == 1 && shape[1] == 1)) {
      throw new UserInputException(
          "The model ends in maps %s; put a GlobalAveragePooling2D behind them and save it again."
              .formatted(LayerGraph.show(shape)));
    }
  }

  /** False for a network that ends in features. */
  boolean hasClassifier() {
    return classifier != NONE;
  }

  private static boolean isPassed(Op op) {
    return op != null
        && (op.isView()
            || op instanceof Activation
            || op instanceof GlobalPool2D
            || op instanceof Pool2D);
  }

  private static int channels(LayerGraph graph, int node) {
    int[] shape = graph.nodes().get(node).shape();
    return shape[shape.length - 1];
  }

  private static Op op(LayerGraph graph, int node) {
    return graph.nodes().get(node).op();
  }

  private static int input(LayerGraph graph, int node) {
    return graph.nodes().get(node).inputs()[0];
  }

  private static LayerInfo layer(LayerGraph graph, int node) {
    return graph.layers().get(graph.nodes().get(node).layer());
  }
}
