package io.gradlens.network.keras;

import io.gradlens.UserInputException;
import io.gradlens.model.graph.InputShape;
import io.gradlens.model.graph.LayerGraph;
import io.gradlens.model.graph.LayerInfo;
import io.gradlens.model.keras.KerasModelReader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A trained network of Keras that DL4J can go on to train as a classifier.
 *
 * <p>Layers keep their names. Batch normalisation goes on from its moving averages, with Keras'
 * momentum, and dropout drops again; augmentation and noise layers do nothing, and neither which
 * layers the file marks as trainable nor its regularisers count. The classes' layer, the last dense
 * one or the convolution before the last average, is always made anew: a Keras file does not say
 * what its classes are. A network that ends in features gets a dense layer "predictions" behind
 * them.
 */
public final class KerasClassifier {
  private final LayerGraph graph;
  private final Head head;

  private KerasClassifier(LayerGraph graph) {
    this.graph = graph;
    head = Head.of(graph);
  }

  /**
   * Reads a {@code .keras}, {@code .h5} or {@code .hdf5} file, and makes sure that DL4J computes
   * what the file's layers do: logits of noise differ by 1e-3 of the largest at most.
   *
   * @throws UserInputException in one line, if the file cannot be read, or names the layer that
   *     DL4J cannot train
   */
  public static KerasClassifier read(Path file) {
    return of(KerasModelReader.read(file));
  }

  /**
   * The same for a network that has been read.
   *
   * @throws UserInputException naming the layer that DL4J cannot train
   */
  public static KerasClassifier of(LayerGraph graph) {
    KerasClassifier network = new KerasClassifier(graph);
    Agreement.check(graph, network.head, network.toLogits());
    return network;
  }

  /** The network as it is, up to what comes before the softmax or sigmoid; it has no loss. */
  public ComputationGraph toLogits() {
    return Conversion.toLogits(graph, head);
  }

  /** What the network takes in; rows and columns are −1 where any will do. */
  public InputShape input() {
    return graph.input();
  }

  /** The names of all layers, the input's left out. */
  public List<String> layers() {
    return graph.layers().stream()
        .filter(layer -> !layer.inputs().isEmpty())
        .map(LayerInfo::name)
        .toList();
  }

  /** True for a layer that leads to the classes' layer, so that it can keep its weights. */
  public boolean isBeforeClassifier(String layer) {
    int end = head.hasClassifier() ? head.classifier() : head.logits();
    BitSet before = new BitSet();
    before.set(end);
    for (int i = end; i >= 0; i--) {
      if (before.get(i)) {
        Arrays.stream(graph.nodes().get(i).inputs()).forEach(before::set);
      }
    }
    Integer output = graph.outputOf(layer);
    return output != null
        && before.get(output)
        && !(head.hasClassifier() && output == head.classifier());
  }

  /**
   * A network for other classes: the same layers with the same weights, a new one for the classes
   * with random weights, softmax, and cross entropy as loss.
   *
   * @param seed of the random weights
   */
  public ComputationGraph withClasses(int classes, long seed) {
    return Conversion.toClasses(graph, head, classes, seed);
  }
}
