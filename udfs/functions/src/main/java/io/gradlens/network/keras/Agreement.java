package io.gradlens.network.keras;

import io.gradlens.UserInputException;
import io.gradlens.model.file.DamagedFile;
import io.gradlens.model.graph.InputShape;
import io.gradlens.model.graph.LayerGraph;
import io.gradlens.model.graph.LayerGraph.Node;
import io.gradlens.model.graph.LayerInfo;
import io.gradlens.model.layer.NativeFloats;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Compares what a graph of ops and the DL4J network made of it compute, on two pictures of noise:
 * one from −1 to 1, one from 0 to 255, as networks with a rescaling inside expect.
 */
final class Agreement {
  /** The largest difference of a layer's outputs that passes, as a share of the largest output. */
  private static final double TOLERANCE = 1e-3;

  /** Rows and columns where the network takes any: enough for all that is usual. */
  private static final int SIDE = 128;

  private static final long SEED = 20;
  private static final double BRIGHTEST = 255;

  private final LayerGraph graph;
  private final Head head;
  private final ComputationGraph network;
  private final INDArray pictures;
  private final int[] lastReaders;

  /** Is shown what a node's op gives. */
  @FunctionalInterface
  private interface Visitor {
    void visit(int node, INDArray values);
  }

  private Agreement(LayerGraph graph, Head head, ComputationGraph network) {
    this.graph = graph;
    this.head = head;
    this.network = network;
    pictures = pictures(graph.input());
    // With workspaces DL4J cannot be asked for the output of a layer in the middle.
    network.getConfiguration().setInferenceWorkspaceMode(WorkspaceMode.NONE);
    lastReaders = new int[head.logits() + 1];
    for (int i = 0; i < lastReaders.length; i++) {
      for (int input : graph.nodes().get(i).inputs()) {
        lastReaders[input] = i;
      }
    }
  }

  /**
   * @param network ends in its logits
   * @throws UserInputException naming the first layer that differs, if the logits do
   */
  static void check(LayerGraph graph, Head head, ComputationGraph network) {
    Agreement agreement = new Agreement(graph, head, network);
    String output = network.getConfiguration().getNetworkOutputs().get(0);
    agreement.run(
        (node, values) -> {
          if (node == head.logits() && !(agreement.difference(values, output) <= TOLERANCE)) {
            agreement.blame();
          }
        });
  }

  private void blame() {
    run(
        (node, values) -> {
          LayerInfo layer = graph.layers().get(graph.nodes().get(node).layer());
          boolean isVertex =
              node == head.logits()
                  || node == graph.outputOf(layer.name())
                      && network.getVertex(layer.name()) != null;
          double difference = isVertex ? difference(values, layer.name()) : 0;
          if (!(difference <= TOLERANCE)) {
            throw new UserInputException(
                "Layer '%s' (%s) can be explained but not trained: DL4J computes something else, %.2g of the largest value away."
                    .formatted(layer.name(), layer.kind(), difference));
          }
        });
    throw new IllegalStateException("DL4J's logits differ, and then they do not.");
  }

  private static INDArray pictures(InputShape input) {
    int height = input.height() < 0 ? SIDE : input.height();
    int width = input.width() < 0 ? SIDE : input.width();
    SplittableRandom random = new SplittableRandom(SEED);
    int size = height * width * input.channels();
    float[] values = new float[2 * size];
    for (int i = 0; i < values.length; i++) {
      double uniform = random.nextDouble();
      values[i] = (float) (i < size ? 2 * uniform - 1 : BRIGHTEST * uniform);
    }
    return Nd4j.create(values, new long[] {2, height, width, input.channels()}, 'c');
  }

  /** Runs the ops up to the logits; a tensor is let go when its last reader is done. */
  private void run(Visitor visitor) {
    INDArray[] values = new INDArray[head.logits() + 1];
    for (int i = 0; i < values.length; i++) {
      Node node = graph.nodes().get(i);
      values[i] = node.op() == null ? pictures : output(node, values);
      if (node.op() != null) {
        visitor.visit(i, values[i]);
      }
      for (int input : node.inputs()) {
        values[input] = lastReaders[input] == i ? null : values[input];
      }
    }
  }

  private static INDArray output(Node node, INDArray[] values) {
    INDArray[] inputs =
        Arrays.stream(node.inputs()).mapToObj(i -> values[i]).toArray(INDArray[]::new);
    List<int[]> shapes = Arrays.stream(inputs).map(Agreement::shape).toList();
    int[] shape = node.op().outputShape(shapes);
    long[] batched = new long[shape.length + 1];
    batched[0] = inputs[0].size(0);
    for (int i = 0; i < shape.length; i++) {
      batched[i + 1] = shape[i];
    }
    if (node.op().isView()) {
      return inputs[0].reshape('c', batched);
    }
    INDArray output = Nd4j.createUninitialized(DataType.FLOAT, batched);
    node.op().forward(inputs, output);
    return output;
  }

  private static int[] shape(INDArray array) {
    return Arrays.stream(array.shape()).skip(1).mapToInt(d -> (int) d).toArray();
  }

  /** The largest difference of a picture's values, as a share of the largest value. */
  private double difference(INDArray expected, String vertex) {
    INDArray[] input = {pictures.permute(0, 3, 1, 2).dup('c')};
    INDArray actual;
    try {
      actual = network.output(List.of(vertex), false, input, null)[0];
    } catch (RuntimeException e) {
      throw new UserInputException(
          "DL4J cannot run the model: %s.".formatted(DamagedFile.reason(e)), e);
    }
    boolean isMap = actual.rank() == 4;
    INDArray channelsLast = isMap ? actual.permute(0, 2, 3, 1) : actual;
    float[] a = NativeFloats.read(expected);
    float[] b = NativeFloats.read(channelsLast.dup('c'));
    if (a.length != b.length) {
      return Double.POSITIVE_INFINITY;
    }
    int half = a.length / 2;
    if (!isMap && !vertex.equals(network.getConfiguration().getNetworkOutputs().get(0))) {
      // A flattened map has its numbers in another order.
      for (float[] values : List.of(a, b)) {
        Arrays.sort(values, 0, half);
        Arrays.sort(values, half, values.length);
      }
    }
    double bright = difference(a, b, half, a.length);
    // Networks for numbers around 0 may overflow at 255.
    return Math.max(difference(a, b, 0, half), areFinite(a, half, a.length) ? bright : 0);
  }

  private static boolean areFinite(float[] values, int from, int to) {
    return IntStream.range(from, to).allMatch(i -> Float.isFinite(values[i]));
  }

  private static double difference(float[] a, float[] b, int from, int to) {
    double largest = 0;
    double difference = 0;
    for (int i = from; i < to; i++) {
      largest = Math.max(largest, Math.abs(a[i]));
      difference = Math.max(difference, Math.abs(a[i] - b[i]));
    }
    return difference == 0 ? 0 : difference / largest;
  }
}
