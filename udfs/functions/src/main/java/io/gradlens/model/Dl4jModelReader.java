package io.gradlens.model;

import io.gradlens.UserInputException;
import io.gradlens.model.dl4j.ChannelAffine;
import io.gradlens.model.graph.InputShape;
import io.gradlens.model.graph.LayerGraph;
import io.gradlens.model.layer.Concatenate;
import io.gradlens.model.layer.Identity;
import io.gradlens.model.layer.Merge;
import io.gradlens.model.layer.Op;
import io.gradlens.model.layer.Permute;
import io.gradlens.model.layer.Reshape;
import io.gradlens.model.layer.ScaleShift;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.ComposableInputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Reads what DL4J's {@code ModelSerializer} wrote, multi-layer networks and computation graphs.
 *
 * <p>DL4J does not store the input size; it is inferred from the dense layers ({@link
 * Dl4jInputSize}) unless the entry {@code gradlens.json} has it.
 */
final class Dl4jModelReader {

  /** One vertex, translated: {@code checked} is the map that a flattening step must be given. */
  record Step(String name, String kind, List<String> inputs, List<Op> ops, int[] checked) {}

  private Dl4jModelReader() {}

  /** A model as its file stores it. */
  static NetworkModel read(Path file) {
    StoredMetadata metadata = metadata(file);
    ComputationGraph network = restore(file);
    try {
      List<Step> steps = steps(network);
      InputShape input = Dl4jInputSize.infer(declared(network, metadata), steps);
      return new NetworkModel(assemble(network, input, steps), metadata);
    } finally {
      network.params().close();
    }
  }

  private static ComputationGraph restore(Path file) {
    try {
      return Dl4jArchive.read(file);
    } catch (Exception e) {
      throw new UserInputException(
          "Cannot load %s as a DL4J model: %s.".formatted(file, firstLine(e)), e);
    }
  }

  private static String firstLine(Throwable e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return message.lines().findFirst().orElse(message);
  }

  private static StoredMetadata metadata(Path file) {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return StoredMetadata.in(zip);
    } catch (IOException e) {
      throw new UserInputException(
          "Cannot read %s of %s: %s.".formatted(StoredMetadata.ENTRY, file, firstLine(e)), e);
    }
  }

  private static List<Step> steps(ComputationGraph network) {
    var configuration = network.getConfiguration();
    List<Step> steps = new ArrayList<>();
    for (int index : network.topologicalSortOrder()) {
      String name = network.getVertices()[index].getVertexName();
      GraphVertex vertex = configuration.getVertices().get(name);
      if (vertex == null) {
        continue;
      }
      while (vertex instanceof FrozenVertex frozen) {
        vertex = frozen.getUnderlying();
      }
      List<String> inputs = configuration.getVertexInputs().get(name);
      steps.add(step(name, vertex, inputs, network));
    }
    return steps;
  }

  private static Step step(
      String name, GraphVertex vertex, List<String> inputs, ComputationGraph network) {
    if (vertex instanceof LayerVertex v) {
      Layer layer = unwrap(v.getLayerConf().getLayer());
      List<Op> ops = new ArrayList<>();
      int[] checked = reshaping(name, v.getPreProcessor(), ops);
      ops.addAll(Dl4jLayers.ops(name, layer, network.getLayer(name).paramTable()));
      return new Step(name, layer.getClass().getSimpleName(), inputs, ops, checked);
    }
    List<Op> ops = new ArrayList<>();
    int[] checked = null;
    if (vertex instanceof MergeVertex) {
      ops.add(inputs.size() == 1 ? new Identity() : new Concatenate(-1));
    } else if (vertex instanceof ElementWiseVertex v) {
      ops.add(new Merge(kind(v.getOp())));
    } else if (vertex instanceof PreprocessorVertex v) {
      checked = reshaping(name, v.getPreProcessor(), ops);
    } else {
      throw new UserInputException(
          "Vertex '%s' of DL4J class %s is not supported; supported are: layers, MergeVertex,"
                  .formatted(name, vertex.getClass().getSimpleName())
              + " ElementWiseVertex, PreprocessorVertex.");
    }
    return new Step(name, vertex.getClass().getSimpleName(), inputs, ops, checked);
  }

  private static Layer unwrap(Layer layer) {
    Layer inner = layer;
    while (true) {
      if (inner instanceof FrozenLayer frozen) {
        inner = frozen.getLayer();
      } else if (inner instanceof BaseWrapperLayer wrapper) {
        inner = wrapper.getUnderlying();
      } else {
        return inner;
      }
    }
  }

  private static Merge.Kind kind(ElementWiseVertex.Op op) {
    return switch (op) {
      case Add -> Merge.Kind.ADD;
      case Subtract -> Merge.Kind.SUBTRACT;
      case Product -> Merge.Kind.MULTIPLY;
      case Average -> Merge.Kind.AVERAGE;
      case Max -> Merge.Kind.MAXIMUM;
    };
  }

  /**
   * Adds what a preprocessor does to {@code ops}. DL4J flattens channels first.
   *
   * @return height, width and channels of the map that it flattens, or null
   */
  private static int[] reshaping(String name, InputPreProcessor preprocessor, List<Op> ops) {
    if (preprocessor == null) {
      return null;
    }
    if (preprocessor instanceof CnnToFeedForwardPreProcessor p) {
      boolean isPixel = p.getInputHeight() == 1 && p.getInputWidth() == 1;
      if (p.getFormat() != CNN2DFormat.NHWC && !isPixel) {
        ops.add(new Permute(3, 1, 2));
      }
      ops.add(new Reshape(-1));
      return p.getInputHeight() == 0
          ? null
          : new int[] {(int) p.getInputHeight(), (int) p.getInputWidth(), (int) p.getNumChannels()};
    }
    if (preprocessor instanceof FeedForwardToCnnPreProcessor p) {
      int[] shape = {(int) p.getNumChannels(), (int) p.getInputHeight(), (int) p.getInputWidth()};
      ops.add(new Reshape(shape));
      ops.add(new Permute(2, 3, 1));
      return null;
    }
    if (preprocessor instanceof ChannelAffine p) {
      INDArray scale = Nd4j.createFromArray(p.scale());
      ops.add(new ScaleShift(scale, Nd4j.createFromArray(p.shift()), 0, 0));
      return null;
    }
    if (preprocessor instanceof ComposableInputPreProcessor p) {
      int[] checked = null;
      for (InputPreProcessor part : p.getInputPreProcessors()) {
        int[] first = reshaping(name, part, ops);
        checked = checked == null ? first : checked;
      }
      return checked;
    }
    throw new UserInputException(
        "Layer '%s' has the input preprocessor %s, which is not supported."
            .formatted(name, preprocessor.getClass().getSimpleName()));
  }

  /** What the file says of the input: channels, and the size where a flat input tells it. */
  private static InputShape declared(ComputationGraph network, StoredMetadata metadata) {
    InputShape stored = metadata.input();
    if (stored != null) {
      return stored;
    }
    for (int index : network.topologicalSortOrder()) {
      String name = network.getVertices()[index].getVertexName();
      if (network.getConfiguration().getVertices().get(name) instanceof LayerVertex v) {
        if (v.getPreProcessor() instanceof FeedForwardToCnnPreProcessor p) {
          return new InputShape(
              (int) p.getInputHeight(), (int) p.getInputWidth(), (int) p.getNumChannels());
        }
        if (unwrap(v.getLayerConf().getLayer()) instanceof ConvolutionLayer c) {
          return new InputShape(-1, -1, (int) ((FeedForwardLayer) c).getNIn());
        }
      }
    }
    throw new UserInputException(
        "The model has no convolution; only convolutional networks can be explained.");
  }

  private static LayerGraph assemble(ComputationGraph network, InputShape input, List<Step> steps) {
    var configuration = network.getConfiguration();
    if (configuration.getNetworkInputs().size() != 1
        || configuration.getNetworkOutputs().size() != 1) {
      throw new UserInputException(
          "The model has %d inputs and %d outputs; networks with one of each are supported."
              .formatted(
                  configuration.getNetworkInputs().size(),
                  configuration.getNetworkOutputs().size()));
    }
    LayerGraph.Builder builder = new LayerGraph.Builder();
    Map<String, Integer> nodes = new HashMap<>();
    String first = configuration.getNetworkInputs().get(0);
    nodes.put(first, builder.input(first, input));
    for (Step step : steps) {
      int[] inputs = step.inputs().stream().mapToInt(nodes::get).toArray();
      List<Op> ops = step.ops();
      // A flat input is a picture to us: what makes it one again does nothing.
      boolean flatInput =
          step.inputs().equals(List.of(first)) && ops.size() > 2 && isUnflattening(ops);
      nodes.put(
          step.name(),
          builder.layer(
              step.name(), step.kind(), inputs, flatInput ? ops.subList(2, ops.size()) : ops));
    }
    return builder.build(nodes.get(configuration.getNetworkOutputs().get(0)));
  }

  private static boolean isUnflattening(List<Op> ops) {
    return ops.get(0) instanceof Reshape && ops.get(1) instanceof Permute;
  }
}
