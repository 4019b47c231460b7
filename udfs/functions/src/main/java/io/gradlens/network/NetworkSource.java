package io.gradlens.network;

import io.gradlens.UserInputException;
import io.gradlens.model.ModelLoader;
import io.gradlens.model.NativeBackend;
import io.gradlens.model.StoredMetadata;
import io.gradlens.model.file.ModelFormat;
import io.gradlens.model.graph.InputShape;
import io.gradlens.network.keras.KerasClassifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Where the network that is trained comes from. */
public final class NetworkSource {
  private static final int COLOURS = 3;

  private final StoredMetadata stored;
  private final Function<NetworkPlan, ComputationGraph> network;

  private NetworkSource(StoredMetadata stored, Function<NetworkPlan, ComputationGraph> network) {
    this.stored = stored;
    this.network = network;
  }

  /** A network with random weights. */
  public static NetworkSource architecture(Architectures architecture) {
    return new NetworkSource(
        new StoredMetadata(architecture.input(), null, null, null),
        plan -> NewNetwork.of(architecture.layers(), plan));
  }

  /**
   * A network with random weights of an architecture that DL4J wrote as JSON, with the plan's
   * optimizer in place of its own.
   *
   * @param json of a {@code ComputationGraphConfiguration} or a {@code MultiLayerConfiguration}
   * @throws UserInputException if it is neither
   */
  public static NetworkSource configuration(String json) {
    NativeBackend.configure();
    ComputationGraph fresh = NewNetwork.ofJson(json);
    return new NetworkSource(
        new StoredMetadata(new InputShape(-1, -1, channels(fresh)), null, null, null),
        plan -> TrainedBefore.withOptimizer(NewNetwork.ofJson(json), plan, null));
  }

  /**
   * A trained network, in a DL4J archive or a file of Keras. Its last layer is made anew unless an
   * archive says that its classes are the plan's; files of Keras do not say what theirs are, and
   * neither do archives with channels last.
   *
   * @param freezeTo the layers to this one keep their weights; null for none
   * @throws UserInputException if the file is none of these, has a layer that cannot be trained, or
   *     has no layer {@code freezeTo}
   */
  public static NetworkSource fineTuned(Path file, String freezeTo) {
    NativeBackend.configure();
    try {
      return ModelFormat.of(file) == ModelFormat.DL4J_ARCHIVE
          ? ofArchive(file, freezeTo)
          : ofGraph(KerasClassifier.read(file), StoredMetadata.NONE, freezeTo);
    } catch (UserInputException e) {
      throw e.getMessage().contains(file.toString())
          ? e
          : new UserInputException("Cannot fine-tune %s: %s".formatted(file, e.getMessage()), e);
    } catch (IOException e) {
      throw new UserInputException(
          "Cannot fine-tune %s: it cannot be read (%s).".formatted(file, firstLine(e)), e);
    }
  }

  private static NetworkSource ofArchive(Path file, String freezeTo) {
    ComputationGraph network = NetworkArchive.read(file);
    StoredMetadata stored = NetworkArchive.stored(file);
    if (isChannelsLast(network)) {
      return ofGraph(KerasClassifier.of(ModelLoader.graph(file)), stored, freezeTo);
    }
    TrainedBefore before = TrainedBefore.of(network, stored, freezeTo);
    InputShape input =
        stored.input() == null ? new InputShape(-1, -1, channels(network)) : stored.input();
    return new NetworkSource(
        new StoredMetadata(input, stored.preprocessing(), stored.sizing(), stored.classNames()),
        before::continued);
  }

  /** Pictures are given channel by channel; DL4J's own import of Keras makes the other kind. */
  private static boolean isChannelsLast(ComputationGraph network) {
    return Arrays.stream(network.getLayers())
        .anyMatch(
            layer ->
                layer.conf().getLayer() instanceof ConvolutionLayer convolution
                    && convolution.getCnn2dDataFormat() == CNN2DFormat.NHWC);
  }

  private static NetworkSource ofGraph(
      KerasClassifier network, StoredMetadata stored, String freezeTo) {
    TrainedBefore.requireLayer(freezeTo, network.layers(), network::isBeforeClassifier);
    return new NetworkSource(
        new StoredMetadata(network.input(), stored.preprocessing(), stored.sizing(), null),
        plan -> {
          int classes = plan.stored().classNames().size();
          return TrainedBefore.withOptimizer(
              network.withClasses(classes, plan.firstSeed()), plan, freezeTo);
        });
  }

  private static int channels(ComputationGraph network) {
    for (var layer : network.getLayers()) {
      if (layer.conf().getLayer() instanceof FeedForwardLayer first && first.getNIn() > 0) {
        return (int) first.getNIn();
      }
    }
    return COLOURS;
  }

  /**
   * What the source says of input, preprocessing and classes; each may be missing, and rows and
   * columns of the input may be −1.
   */
  public StoredMetadata stored() {
    return stored;
  }

  /**
   * Makes the network.
   *
   * @throws UserInputException if it does not go with the plan
   */
  public ComputationGraph network(NetworkPlan plan) {
    NativeBackend.configure();
    ComputationGraph made = network.apply(plan);
    InputShape input = plan.stored().input();
    int classes = plan.stored().classNames().size();
    INDArray answer;
    try {
      answer = made.outputSingle(Nd4j.zeros(1, input.channels(), input.height(), input.width()));
    } catch (RuntimeException e) {
      throw new UserInputException(
          "The network does not take in pictures of %dx%d with %d channels: %s."
              .formatted(input.height(), input.width(), input.channels(), firstLine(e)),
          e);
    }
    if (answer.rank() != 2 || answer.size(1) != classes) {
      throw new UserInputException(
          "The network's output has the shape %s for one picture; %d classes are needed."
              .formatted(Arrays.toString(answer.shape()), classes));
    }
    if (!plan.classWeights().isEmpty()) {
      weigh(made, plan.classWeights());
    }
    return made;
  }

  /** Puts weights into the loss; DL4J's masks of examples would weigh logits as well. */
  private static void weigh(ComputationGraph network, List<Double> classWeights) {
    String last = network.getConfiguration().getNetworkOutputs().get(0);
    double[] weights = classWeights.stream().mapToDouble(Double::doubleValue).toArray();
    var loss = new LossMCXENT(Nd4j.createFromArray(weights).castTo(DataType.FLOAT));
    Layer layer =
        network.getConfiguration().getVertices().get(last) instanceof LayerVertex vertex
            ? vertex.getLayerConf().getLayer()
            : null;
    if (layer instanceof BaseOutputLayer output && output.getLossFn() instanceof LossMCXENT) {
      output.setLossFn(loss);
    } else if (layer instanceof LossLayer output && output.getLossFn() instanceof LossMCXENT) {
      output.setLossFn(loss);
    } else {
      throw new UserInputException(
          "Class weights need a network that ends with softmax and cross entropy (MCXENT); layer '%s' does not."
              .formatted(last));
    }
  }

  static String firstLine(Throwable e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return message.lines().findFirst().orElse(message);
  }
}
