package io.gradlens.network;

import io.gradlens.UserInputException;
import io.gradlens.model.graph.InputShape;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;

/** Convolutional networks by name. A new one is a class that adds layers, and a line here. */
public enum Architectures {
  LENET("lenet", 28, 3, LeNet::layers),
  SMALL_CNN("small-cnn", 32, 3, SmallCnn::layers),
  RESNET_LITE("resnet-lite", 32, 3, ResNetLite::layers),
  ODE_NET("ode-net", 28, 1, OdeNet::odeLayers),
  ODE_NET_RESIDUAL("ode-net-residual", 28, 1, OdeNet::residualLayers),
  ODE_NET_WITHOUT_BLOCK("ode-net-without-block", 28, 1, OdeNet::otherLayers),
  VGG16("vgg16", 224, 3, (graph, from, classes) -> Vgg.layers(graph, from, classes, 2, 2, 3, 3, 3)),
  VGG19("vgg19", 224, 3, (graph, from, classes) -> Vgg.layers(graph, from, classes, 2, 2, 4, 4, 4));

  private final String id;
  private final InputShape input;
  private final Layers layers;

  /** What an architecture consists of. */
  @FunctionalInterface
  interface Layers {
    /**
     * Adds layers.
     *
     * @param from the input's name
     * @param classes of the output, which is a softmax
     * @return the output layer's name
     */
    String add(GraphBuilder graph, String from, int classes);
  }

  Architectures(String id, int side, int channels, Layers layers) {
    this.id = id;
    input = new InputShape(side, side, channels);
    this.layers = layers;
  }

  /** The name on the command line. */
  public String id() {
    return id;
  }

  /** The input's size, unless told, and its channels: 3, or 1 for shades of grey. */
  InputShape input() {
    return input;
  }

  Layers layers() {
    return layers;
  }

  /**
   * Looks one up by its {@link #id}.
   *
   * @throws UserInputException if there is none of that name
   */
  public static Architectures named(String name) {
    return Arrays.stream(values())
        .filter(each -> each.id.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new UserInputException(
                    "Architecture '%s' is not known; choose %s, or a FILE.json."
                        .formatted(
                            name,
                            Arrays.stream(values())
                                .map(Architectures::id)
                                .collect(Collectors.joining(", ")))));
  }
}
