package io.gradlens.model.graph;

import io.gradlens.UserInputException;
import io.gradlens.model.layer.Op;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A network as a directed acyclic graph of {@link Op}s, in topological order: what every model file
 * is read into and what the engine runs.
 *
 * <p>A node is one op, or an input of the network. A layer is what the user's framework calls one:
 * a name and a chain of nodes, of which the last gives the layer's output. A dense layer with a
 * fused softmax is two nodes, so that the logits can be had.
 */
public final class LayerGraph {

  /**
   * One op.
   *
   * @param op null for the network's input
   * @param inputs numbers of the nodes that feed it, all smaller than its own
   * @param shape of the output without the batch axis, −1 where free
   * @param layer number of the layer that it belongs to
   */
  public record Node(Op op, int[] inputs, int[] shape, int layer) {}

  private final InputShape input;
  private final List<Node> nodes;
  private final List<LayerInfo> layers;
  private final Map<String, Integer> outputs;
  private final int output;

  private LayerGraph(
      InputShape input,
      List<Node> nodes,
      List<LayerInfo> layers,
      Map<String, Integer> outputs,
      int output) {
    this.input = input;
    this.nodes = List.copyOf(nodes);
    this.layers = List.copyOf(layers);
    this.outputs = Map.copyOf(outputs);
    this.output = output;
  }

  public InputShape input() {
    return input;
  }

  public List<Node> nodes() {
    return nodes;
  }

  public List<LayerInfo> layers() {
    return layers;
  }

  /** The node that gives a layer's output, or null where there is no such layer. */
  public Integer outputOf(String layer) {
    return outputs.get(layer);
  }

  /** The node that gives the network's output. */
  public int output() {
    return output;
  }

  /** The same graph with some ops exchanged for others of the same shapes. */
  public LayerGraph withOps(Function<Node, Op> replacement) {
    List<Node> changed =
        nodes.stream()
            .map(n -> new Node(replacement.apply(n), n.inputs(), n.shape(), n.layer()))
            .toList();
    return new LayerGraph(input, changed, layers, outputs, output);
  }

  /** A shape as Keras prints it, {@code (None, 14, 14, 512)}. */
  public static String show(int[] shape) {
    return Arrays.stream(shape)
        .mapToObj(d -> d < 0 ? "None" : Integer.toString(d))
        .collect(Collectors.joining(", ", "(None, ", ")"));
  }

  /** Builds a graph layer by layer, checking shapes as it goes. */
  public static final class Builder {
    private final List<Node> nodes = new ArrayList<>();
    private final List<LayerInfo> layers = new ArrayList<>();
    private final Map<String, Integer> outputs = new LinkedHashMap<>();
    private InputShape input;

    /**
     * Adds the network's only input.
     *
     * @return its node
     * @throws UserInputException if there is one already
     */
    public int input(String name, InputShape shape) {
      if (input != null) {
        throw new UserInputException(
            "The model has several inputs ('%s' is the second); networks with one picture as input"
                    .formatted(name)
                + " are supported.");
      }
      input = shape;
      int[] dims = {shape.height(), shape.width(), shape.channels()};
      nodes.add(new Node(null, new int[0], dims, layers.size()));
      return close(name, "InputLayer", List.of(), 0, 0);
    }

    /**
     * Adds a layer.
     *
     * @param name unique
     * @param kind its class in the user's framework
     * @param inputs nodes that feed the first op
     * @param chain at least one op; each but the first takes the output of the one before
     * @return the node of the layer's output
     * @throws UserInputException naming the layer, if its name is taken or its inputs do not fit
     */
    public int layer(String name, String kind, int[] inputs, List<? extends Op> chain) {
      long trainable = chain.stream().mapToLong(Op::trainable).sum();
      long frozen = chain.stream().mapToLong(Op::nonTrainable).sum();
      return layer(name, kind, inputs, chain, trainable, frozen);
    }

    /**
     * Adds a layer whose parameters count otherwise than its ops say: they are frozen, or shared
     * with a layer before it.
     *
     * @param trainable number of trainable parameters to report
     * @param nonTrainable number of others to report
     * @see #layer(String, String, int[], List)
     */
    public int layer(
        String name,
        String kind,
        int[] inputs,
        List<? extends Op> chain,
        long trainable,
        long nonTrainable) {
      if (outputs.containsKey(name)) {
        throw new UserInputException("Two layers of the model are named '" + name + "'.");
      }
      int[] feeds = inputs.clone();
      for (Op op : chain) {
        List<int[]> shapes = Arrays.stream(feeds).mapToObj(i -> nodes.get(i).shape()).toList();
        int[] shape;
        try {
          shape = op.outputShape(shapes);
        } catch (IllegalArgumentException e) {
          throw new UserInputException(
              "Layer '%s' (%s) does not fit its input: %s.".formatted(name, kind, e.getMessage()),
              e);
        }
        nodes.add(new Node(op, feeds, shape, layers.size()));
        feeds = new int[] {nodes.size() - 1};
      }
      List<String> names =
          Arrays.stream(inputs).mapToObj(i -> layers.get(nodes.get(i).layer()).name()).toList();
      return close(name, kind, names, trainable, nonTrainable);
    }

    /** The output shape of a node, without the batch axis. */
    public int[] shape(int node) {
      return nodes.get(node).shape().clone();
    }

    /**
     * @param output the node of the network's output
     */
    public LayerGraph build(int output) {
      return new LayerGraph(input, nodes, layers, outputs, output);
    }

    private int close(
        String name, String kind, List<String> inputs, long trainable, long nonTrainable) {
      int last = nodes.size() - 1;
      List<Integer> shape = IntStream.of(nodes.get(last).shape()).boxed().toList();
      layers.add(new LayerInfo(name, kind, shape, trainable, nonTrainable, inputs));
      outputs.put(name, last);
      return last;
    }
  }
}
