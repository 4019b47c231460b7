package io.gradlens.model;

import io.gradlens.UserInputException;
import io.gradlens.model.graph.LayerGraph;
import io.gradlens.model.graph.LayerGraph.Node;
import io.gradlens.model.layer.Activation;
import io.gradlens.model.layer.Conv2D;
import io.gradlens.model.layer.Identity;
import io.gradlens.model.layer.Op;
import io.gradlens.model.layer.Pad2D;
import io.gradlens.model.layer.Permute;
import io.gradlens.model.layer.Pool2D;
import java.util.List;

/**
 * Finds the layer that is explained where the user names none: the tensor that enters the first
 * layer that removes spatial extent for good, stepped back over pooling, dropout and padding, and
 * over a 1x1 classifier convolution whose channels are the classes.
 *
 * <p>"For good" leaves out the squeeze of squeeze-and-excitation blocks, whose vector scales a map
 * again.
 */
final class AutoLayer {

  private AutoLayer() {}

  /**
   * @param classes how many logits there are
   * @throws UserInputException if no tensor with rows and columns leads to the logits
   */
  static String of(LayerGraph graph, int classes) {
    List<Node> nodes = graph.nodes();
    boolean[] leadsToMap = new boolean[nodes.size()];
    for (int i = nodes.size() - 1; i >= 0; i--) {
      for (int input : nodes.get(i).inputs()) {
        leadsToMap[input] |= leadsToMap[i] || isMap(nodes.get(i));
      }
    }
    for (int i = 0; i < nodes.size(); i++) {
      if (isMap(nodes.get(i)) || leadsToMap[i]) {
        continue;
      }
      for (int input : nodes.get(i).inputs()) {
        int tensor = stepBack(nodes, input, classes);
        if (isMap(nodes.get(input)) && nodes.get(tensor).op() != null) {
          return graph.layers().get(nodes.get(tensor).layer()).name();
        }
      }
    }
    throw new UserInputException(
        "The model has no layer with rows and columns to explain; only convolutional networks can"
            + " be.");
  }

  private static int stepBack(List<Node> nodes, int tensor, int classes) {
    int at = tensor;
    while (true) {
      Node node = nodes.get(at);
      if (isSteppedOver(node.op())) {
        at = node.inputs()[0];
      } else if (isClassifier(node, classes)) {
        at = node.inputs()[0];
      } else if (node.op() instanceof Activation
          && isClassifier(nodes.get(node.inputs()[0]), classes)) {
        at = nodes.get(node.inputs()[0]).inputs()[0];
      } else {
        return at;
      }
    }
  }

  private static boolean isSteppedOver(Op op) {
    return op instanceof Pool2D
        || op instanceof Identity
        || op instanceof Pad2D
        || op instanceof Permute;
  }

  private static boolean isClassifier(Node node, int classes) {
    return node.op() instanceof Conv2D conv
        && conv.window().kernelH() == 1
        && conv.window().kernelW() == 1
        && node.shape()[2] == classes;
  }

  /** True where there is more than one place: {@code [H,W,K]} with H·W above 1, or free. */
  private static boolean isMap(Node node) {
    int[] shape = node.shape();
    return shape.length == 3 && !(shape[0] == 1 && shape[1] == 1);
  }
}
