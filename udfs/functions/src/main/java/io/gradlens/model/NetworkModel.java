package io.gradlens.model;

import io.gradlens.UserInputException;
import io.gradlens.model.graph.InputShape;
import io.gradlens.model.graph.LayerGraph;
import io.gradlens.model.graph.LayerInfo;
import io.gradlens.model.layer.Activation;
import io.gradlens.model.layer.NativeFloats;
import io.gradlens.model.layer.Op;
import io.gradlens.model.layer.Softmax;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A {@link ProbedModel} that runs a {@link LayerGraph} on ND4J. */
final class NetworkModel implements ProbedModel {
  private final LayerGraph graph;
  private final StoredMetadata stored;
  private final int logits;
  private final HeadActivation head;
  private final Map<List<Integer>, Plan> plans = new ConcurrentHashMap<>();
  private final Map<SessionKey, Queue<Session>> idle = new ConcurrentHashMap<>();

  private record SessionKey(Plan plan, int batch, int height, int width) {}

  /**
   * @param stored what the model file says beside the network
   * @throws UserInputException if the network does not end in one vector of class scores
   */
  NetworkModel(LayerGraph graph, StoredMetadata stored) {
    NativeBackend.configure();
    this.graph = graph;
    this.stored = stored;
    Op last = op(headNode());
    if (last instanceof Softmax || (last instanceof Activation a && a.isSigmoid())) {
      logits = graph.nodes().get(headNode()).inputs()[0];
    } else {
      logits = graph.output();
    }
    int units = units();
    if (last instanceof Softmax) {
      head = HeadActivation.SOFTMAX;
    } else if (logits == graph.output()) {
      head = HeadActivation.NONE;
    } else {
      head = units == 1 ? HeadActivation.BINARY_SIGMOID : HeadActivation.SIGMOID;
    }
  }

  /** What it runs. */
  LayerGraph graph() {
    return graph;
  }

  /** The last node that computes something: reshapes and dropout behind it do not count. */
  private int headNode() {
    int node = graph.output();
    while (op(node) != null && op(node).isView()) {
      node = graph.nodes().get(node).inputs()[0];
    }
    return node;
  }

  private Op op(int node) {
    return graph.nodes().get(node).op();
  }

  /** How many numbers the logits are. */
  private int units() {
    int[] shape = graph.nodes().get(logits).shape();
    boolean vector = IntStream.range(0, shape.length - 1).allMatch(i -> shape[i] == 1);
    if (!vector || shape[shape.length - 1] < 1) {
      throw new UserInputException(
          "The model does not end in one vector of class scores but in "
              + LayerGraph.show(shape)
              + "; only classifiers can be explained.");
    }
    return shape[shape.length - 1];
  }

  @Override
  public List<LayerInfo> layers() {
    return graph.layers();
  }

  @Override
  public InputShape input() {
    return graph.input();
  }

  @Override
  public int classes() {
    return head == HeadActivation.BINARY_SIGMOID ? 2 : units();
  }

  @Override
  public HeadActivation headActivation() {
    return head;
  }

  @Override
  public String autoLayer() {
    return AutoLayer.of(graph, units());
  }

  @Override
  public Optional<Preprocessing> preprocessing() {
    return Optional.ofNullable(stored.preprocessing());
  }

  @Override
  public Optional<Sizing> sizing() {
    return Optional.ofNullable(stored.sizing());
  }

  @Override
  public Optional<List<String>> classNames() {
    return Optional.ofNullable(stored.classNames());
  }

  @Override
  public Trace forward(float[] images, int height, int width, Collection<String> layers) {
    long pixels = (long) height * width * graph.input().channels();
    if (images.length == 0 || images.length % pixels != 0) {
      throw new IllegalArgumentException(
          "%d values are no whole number of %d x %d x %d pictures"
              .formatted(images.length, height, width, graph.input().channels()));
    }
    checkSize(height, width);
    Session session = session(plan(layers), (int) (images.length / pixels), height, width);
    session.run(images);
    return new NetworkTrace(this, session, () -> giveBack(session, height, width));
  }

  @Override
  public float[][] head(String layer, float[][] activations, int height, int width) {
    checkSize(height, width);
    Plan plan = plan(List.of(layer));
    int tap = node(layer);
    BitSet behind = plan.descendants(tap);
    behind.stream()
        .flatMap(i -> IntStream.of(plan.inputs(i)))
        .filter(i -> i != tap && !behind.get(i))
        .findFirst()
        .ifPresent(
            i -> {
              throw new UserInputException(
                  "Layer '%s' does not cut the network in two: a path leads around it."
                      .formatted(layer));
            });
    Session session = session(plan, activations.length, height, width);
    try {
      INDArray output = session.output(tap);
      int channels = (int) output.size(3);
      long size = output.length() / activations.length;
      for (int i = 0; i < activations.length; i++) {
        NativeFloats.write(ChannelOrder.toLast(activations[i], channels), output, i * size);
      }
      session.run(behind);
      return logits(session);
    } finally {
      giveBack(session, height, width);
    }
  }

  /** The logits of a session's last pass, two for a single sigmoid unit. */
  float[][] logits(Session session) {
    float[] values = NativeFloats.read(session.output(logits));
    int units = values.length / session.batch();
    float[][] rows = new float[session.batch()][classes()];
    for (int i = 0; i < rows.length; i++) {
      if (head == HeadActivation.BINARY_SIGMOID) {
        rows[i][0] = -values[i];
        rows[i][1] = values[i];
      } else {
        System.arraycopy(values, i * units, rows[i], 0, units);
      }
    }
    return rows;
  }

  @Override
  public ProbedModel withRandomised(Collection<String> layers, long seed) {
    layers.forEach(this::requireLayer);
    Random random = new Random(seed);
    LayerGraph randomised =
        graph.withOps(
            node -> {
              String layer = graph.layers().get(node.layer()).name();
              return node.op() == null || !layers.contains(layer)
                  ? node.op()
                  : redrawn(node.op(), random);
            });
    return new NetworkModel(randomised, stored);
  }

  private static Op redrawn(Op op, Random random) {
    List<INDArray> weights = new ArrayList<>();
    for (INDArray w : op.weights()) {
      if (w.rank() < 2) {
        weights.add(w);
        continue;
      }
      float[] values = NativeFloats.read(w.dup('c'));
      double squares = 0;
      for (float v : values) {
        squares += (double) v * v;
      }
      double deviation = Math.sqrt(squares / values.length);
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (deviation * random.nextGaussian());
      }
      weights.add(Nd4j.create(values, w.shape(), 'c'));
    }
    return op.withWeights(weights);
  }

  /** The node of a layer whose output has rows and columns. */
  int node(String layer) {
    requireLayer(layer);
    int node = graph.outputOf(layer);
    if (graph.nodes().get(node).shape().length != 3) {
      throw new UserInputException(
          "Layer '%s' has no rows and columns to map; its output is %s. Layers that do: %s."
              .formatted(layer, LayerGraph.show(graph.nodes().get(node).shape()), spatialLayers()));
    }
    return node;
  }

  private void requireLayer(String layer) {
    if (graph.outputOf(layer) == null) {
      throw new UserInputException(
          "Layer '%s' is not in the model; layers that can be mapped are: %s."
              .formatted(layer, spatialLayers()));
    }
  }

  private String spatialLayers() {
    return String.join(
        ", ",
        graph.layers().stream()
            .filter(l -> l.isSpatial() && !l.inputs().isEmpty())
            .map(LayerInfo::name)
            .toList());
  }

  private void checkSize(int height, int width) {
    InputShape input = graph.input();
    if ((input.height() >= 0 && input.height() != height)
        || (input.width() >= 0 && input.width() != width)) {
      throw new UserInputException(
          "The model takes pictures of %d x %d, got %d x %d."
              .formatted(input.width(), input.height(), width, height));
    }
  }

  private Plan plan(Collection<String> layers) {
    List<Integer> taps = List.copyOf(new TreeSet<>(layers.stream().map(this::node).toList()));
    return plans.computeIfAbsent(
        taps, t -> new Plan(graph, logits, t.stream().mapToInt(Integer::intValue).toArray()));
  }

  private Session session(Plan plan, int batch, int height, int width) {
    NativeBackend.useOneThread();
    Queue<Session> free = idle.get(new SessionKey(plan, batch, height, width));
    Session session = free == null ? null : free.poll();
    return session == null ? new Session(plan, batch, height, width) : session;
  }

  private void giveBack(Session session, int height, int width) {
    SessionKey key = new SessionKey(session.plan(), session.batch(), height, width);
    idle.computeIfAbsent(key, k -> new ConcurrentLinkedQueue<>()).add(session);
  }

  /** Frees idle buffers; weights go with the garbage collector, for models may share them. */
  @Override
  public void close() {
    idle.values().forEach(queue -> queue.forEach(Session::close));
    idle.clear();
  }
}
