package io.gradlens.model;

import io.gradlens.UserInputException;
import io.gradlens.model.layer.NativeFloats;
import io.gradlens.model.layer.Op;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The buffers of a {@link Plan} for one batch shape, made once and used again and again: a forward
 * pass allocates nothing. Outputs that need not outlive the pass share memory. Belongs to one
 * thread at a time.
 */
final class Session implements AutoCloseable {
  private final Plan plan;
  private final int batch;
  private final int[] order;
  private final INDArray[] outputs;
  private final INDArray[] memory;

  /**
   * @param batch images in every pass, N
   * @param height rows of the network's input
   * @param width columns of the network's input
   * @throws UserInputException if a layer cannot take what this size gives it
   */
  Session(Plan plan, int batch, int height, int width) {
    this.plan = plan;
    this.batch = batch;
    this.order = plan.order();
    int count = plan.graph().nodes().size();
    int[][] shapes = shapes(height, width);
    Slots slots = new Slots(count);
    for (int node : order) {
      int[] inputs = plan.inputs(node);
      if (shares(node, inputs, slots, shapes)) {
        slots.share(node, inputs[0]);
      } else {
        slots.take(node, size(shapes[node]));
      }
      slots.hold(node, plan.consumers(node) + (plan.isSaved(node) ? 1 : 0));
      for (int input : inputs) {
        slots.release(input);
      }
    }
    memory = slots.allocate();
    outputs = new INDArray[count];
    for (int node : order) {
      long[] shape = new long[shapes[node].length + 1];
      shape[0] = batch;
      for (int i = 1; i < shape.length; i++) {
        shape[i] = shapes[node][i - 1];
      }
      INDArray slot = memory[slots.of(node)];
      outputs[node] = slot.get(NDArrayIndex.interval(0, size(shapes[node]))).reshape('c', shape);
    }
  }

  int batch() {
    return batch;
  }

  Plan plan() {
    return plan;
  }

  /** A node's output: valid until the next pass, and only where the plan saves it. */
  INDArray output(int node) {
    return outputs[node];
  }

  INDArray[] inputs(int node) {
    return Arrays.stream(plan.inputs(node)).mapToObj(i -> outputs[i]).toArray(INDArray[]::new);
  }

  /** Overwrites the network's input, {@code [N,H,W,C]}, and runs everything. */
  void run(float[] images) {
    NativeFloats.write(images, outputs[0], 0);
    for (int node : order) {
      compute(node);
    }
  }

  /** Runs only some nodes, in ascending order, on the outputs that stand. */
  void run(BitSet nodes) {
    nodes.stream().forEach(this::compute);
  }

  private void compute(int node) {
    Op op = plan.op(node);
    if (op != null && !op.isView()) {
      op.forward(inputs(node), outputs[node]);
    }
  }

  /** True where a node's output may lie in the memory of its first input. */
  private boolean shares(int node, int[] inputs, Slots slots, int[][] shapes) {
    Op op = plan.op(node);
    if (op == null) {
      return false;
    }
    if (op.isView()) {
      return true;
    }
    return op.inPlace()
        && slots.readersOf(inputs[0]) == 1
        && size(shapes[inputs[0]]) == size(shapes[node]);
  }

  private int[][] shapes(int height, int width) {
    int[][] shapes = new int[plan.graph().nodes().size()][];
    for (int node : order) {
      if (plan.op(node) == null) {
        shapes[node] = new int[] {height, width, plan.graph().input().channels()};
        continue;
      }
      List<int[]> in = Arrays.stream(plan.inputs(node)).mapToObj(i -> shapes[i]).toList();
      try {
        shapes[node] = plan.op(node).outputShape(in);
      } catch (IllegalArgumentException e) {
        String layer = plan.graph().layers().get(plan.graph().nodes().get(node).layer()).name();
        throw new UserInputException(
            "Layer '%s' cannot take pictures of %d x %d: %s."
                .formatted(layer, width, height, e.getMessage()),
            e);
      }
    }
    return shapes;
  }

  private long size(int[] shape) {
    long size = batch;
    for (int d : shape) {
      size *= d;
    }
    return size;
  }

  @Override
  public void close() {
    for (INDArray slot : memory) {
      slot.close();
    }
  }

  /** Hands out memory by number, best fit first, and takes it back when its last reader is done. */
  private static final class Slots {
    private final int[] slot;
    private final List<Long> sizes = new ArrayList<>();
    private final List<Integer> readers = new ArrayList<>();

    Slots(int nodes) {
      slot = new int[nodes];
      Arrays.fill(slot, -1);
    }

    int of(int node) {
      return slot[node];
    }

    /** How many readings of the memory that a node lies in are still to come. */
    int readersOf(int node) {
      return readers.get(slot[node]);
    }

    void share(int node, int input) {
      slot[node] = slot[input];
    }

    void take(int node, long size) {
      int best = -1;
      for (int i = 0; i < sizes.size(); i++) {
        if (readers.get(i) == 0 && (best < 0 || isBetter(sizes.get(i), sizes.get(best), size))) {
          best = i;
        }
      }
      if (best < 0) {
        best = sizes.size();
        sizes.add(0L);
        readers.add(0);
      }
      sizes.set(best, Math.max(size, sizes.get(best)));
      slot[node] = best;
    }

    /** The smallest that is large enough, or else the largest. */
    private static boolean isBetter(long size, long best, long wanted) {
      if (best >= wanted) {
        return size >= wanted && size < best;
      }
      return size > best;
    }

    void hold(int node, int count) {
      readers.set(slot[node], readers.get(slot[node]) + count);
    }

    void release(int node) {
      readers.set(slot[node], readers.get(slot[node]) - 1);
    }

    INDArray[] allocate() {
      return sizes.stream()
          .map(size -> Nd4j.createUninitialized(DataType.FLOAT, size))
          .toArray(INDArray[]::new);
    }
  }
}
