package io.gradlens.network;

import io.gradlens.UserInputException;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;

/** Convolutional networks by name. A new one is a class that adds layers, and a line here. */
public enum Architectures {
  LENET("lenet", 28, LeNet::layers),
  SMALL_CNN("small-cnn", 32, SmallCnn::layers),
  RESNET_LITE("resnet-lite", 32, ResNetLite::layers),
  VGG16("vgg16", 224, (graph, from, classes) -> Vgg.layers(graph, from, classes, 2, 2, 3, 3, 3)),
  VGG19("vgg19", 224, (graph, from, classes) -> Vgg.layers(graph, from, classes, 2, 2, 4, 4, 4));

  private final String id;
  private final int side;
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

  Architectures(String id, int side, Layers layers) {
    this.id = id;
    this.side = side;
    this.layers = layers;
  }

  /** The name on the command line. */
  public String id() {
    return id;
  }

  /** Rows and columns of the input, unless told. */
  public int side() {
    return side;
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
