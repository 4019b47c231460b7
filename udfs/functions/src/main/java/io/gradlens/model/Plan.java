package io.gradlens.model;

import io.gradlens.model.graph.LayerGraph;
import io.gradlens.model.layer.Foldable;
import io.gradlens.model.layer.Op;
import io.gradlens.model.layer.ScaleShift;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * What has to be computed, and kept, to get at the logits and at the gradients of some nodes.
 *
 * <p>Batch normalisation that follows a convolution nobody else reads is folded into its weights;
 * nothing behind the logits is run.
 */
final class Plan {
  private final LayerGraph graph;
  private final Op[] ops;
  private final int[][] inputs;
  private final BitSet needed;
  private final BitSet saved = new BitSet();
  private final int logits;

  /**
   * @param logits the node of the logits
   * @param taps nodes whose outputs and gradients will be asked for
   */
  Plan(LayerGraph graph, int logits, int[] taps) {
    this.graph = graph;
    this.logits = logits;
    int count = graph.nodes().size();
    ops = new Op[count];
    inputs = new int[count][];
    for (int i = 0; i < count; i++) {
      ops[i] = graph.nodes().get(i).op();
      inputs[i] = graph.nodes().get(i).inputs();
    }
    fold(taps);
    needed = ancestors(taps);
    for (int tap : taps) {
      saved.set(tap);
      BitSet behind = descendants(tap);
      saved.or(behind);
      for (int i = behind.nextSetBit(0); i >= 0; i = behind.nextSetBit(i + 1)) {
        Arrays.stream(inputs[i]).forEach(saved::set);
      }
    }
    saved.set(logits);
  }

  LayerGraph graph() {
    return graph;
  }

  int logits() {
    return logits;
  }

  /** The op of a node; null for the network's input. */
  Op op(int node) {
    return ops[node];
  }

  int[] inputs(int node) {
    return inputs[node];
  }

  /** The nodes to run, in ascending order. */
  int[] order() {
    return needed.stream().toArray();
  }

  /** True where a node's output must outlive the forward pass. */
  boolean isSaved(int node) {
    return saved.get(node);
  }

  /** How many needed nodes read a node's output; an input read twice counts twice. */
  int consumers(int node) {
    int readers = 0;
    for (int i = needed.nextSetBit(0); i >= 0; i = needed.nextSetBit(i + 1)) {
      for (int in : inputs[i]) {
        readers += in == node ? 1 : 0;
      }
    }
    return readers;
  }

  /** The needed nodes whose output depends on a node's, without the node itself. */
  BitSet descendants(int node) {
    BitSet reached = new BitSet();
    reached.set(node);
    for (int i = needed.nextSetBit(node + 1); i >= 0; i = needed.nextSetBit(i + 1)) {
      if (Arrays.stream(inputs[i]).anyMatch(reached::get)) {
        reached.set(i);
      }
    }
    reached.clear(node);
    return reached;
  }

  private BitSet ancestors(int[] taps) {
    BitSet reached = new BitSet();
    reached.set(logits);
    Arrays.stream(taps).forEach(reached::set);
    for (int i = reached.length() - 1; i >= 0; i--) {
      if (reached.get(i)) {
        Arrays.stream(inputs[i]).forEach(reached::set);
      }
    }
    return reached;
  }

  private void fold(int[] taps) {
    List<List<Integer>> readers = new ArrayList<>();
    for (int i = 0; i < ops.length; i++) {
      readers.add(new ArrayList<>());
      for (int in : inputs[i]) {
        readers.get(in).add(i);
      }
    }
    for (int i = 0; i < ops.length; i++) {
      if (!(ops[i] instanceof ScaleShift affine)) {
        continue;
      }
      int before = inputs[i][0];
      boolean alone = readers.get(before).size() == 1 && before != logits;
      if (alone
          && ops[before] instanceof Foldable foldable
          && Arrays.stream(taps).noneMatch(t -> t == before)) {
        ops[i] = foldable.fold(affine);
        inputs[i] = inputs[before];
      }
    }
  }
}
