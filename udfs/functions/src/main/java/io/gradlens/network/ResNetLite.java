package io.gradlens.network;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;

/**
 * The residual network of 20 layers for 32 x 32 pictures: three stages of three blocks with 16, 32
 * and 64 channels; where the shape changes, the way around is a 1 x 1 convolution. About 270,000
 * parameters. Source: He et al., Deep residual learning for image recognition, 2016, section 4.2.
 */
final class ResNetLite {

  private ResNetLite() {}

  static String layers(GraphBuilder graph, String from, int classes) {
    String last = Blocks.normedRelu(graph, "conv1", from, 3, 1, 16);
    for (int stage = 1; stage <= 3; stage++) {
      for (int block = 1; block <= 3; block++) {
        boolean isNarrowing = stage > 1 && block == 1;
        last =
            block(graph, "stage%d_block%d".formatted(stage, block), last, 8 << stage, isNarrowing);
      }
    }
    return Blocks.classified(graph, Blocks.averaged(graph, last), classes);
  }

  private static String block(
      GraphBuilder graph, String name, String from, int channels, boolean isNarrowing) {
    int stride = isNarrowing ? 2 : 1;
    String first = Blocks.normedRelu(graph, name + "_conv1", from, 3, stride, channels);
    String second = Blocks.normed(graph, name + "_conv2", first, 3, 1, channels);
    String around =
        isNarrowing ? Blocks.normed(graph, name + "_short", from, 1, stride, channels) : from;
    graph.addVertex(name + "_add", new ElementWiseVertex(ElementWiseVertex.Op.Add), second, around);
    return Blocks.relu(graph, name, name + "_add");
  }
}
