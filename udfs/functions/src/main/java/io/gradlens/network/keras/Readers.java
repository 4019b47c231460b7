package io.gradlens.network.keras;

import io.gradlens.model.graph.LayerGraph;
import io.gradlens.model.layer.Op;
import java.util.BitSet;

/** Which nodes of a graph lead to a node, and how many of them read each other. */
final class Readers {
  private final LayerGraph graph;
  private final BitSet needed = new BitSet();
  private final int[] counts;

  /**
   * @param end the node that the others lead to
   */
  Readers(LayerGraph graph, int end) {
    this.graph = graph;
    counts = new int[end + 1];
    needed.set(end);
    for (int i = end; i >= 0; i--) {
      if (needed.get(i)) {
        for (int input : graph.nodes().get(i).inputs()) {
          needed.set(input);
          counts[input]++;
        }
      }
    }
  }

  boolean isNeeded(int node) {
    return needed.get(node);
  }

  /** True where no needed node behind this one belongs to the same layer. */
  boolean isLastOfLayer(int node) {
    int next = needed.nextSetBit(node + 1);
    return next < 0 || graph.nodes().get(next).layer() != graph.nodes().get(node).layer();
  }

  /** True where one node alone reads a node's memory, which is not the network's input. */
  boolean isReadOnce(int node) {
    int at = node;
    while (counts[at] == 1 && op(at) != null && op(at).isView()) {
      at = graph.nodes().get(at).inputs()[0];
    }
    return counts[at] == 1 && op(at) != null;
  }

  private Op op(int node) {
    return graph.nodes().get(node).op();
  }
}
