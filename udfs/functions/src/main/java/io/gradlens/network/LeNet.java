package io.gradlens.network;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.nd4j.linalg.activations.Activation;

/**
 * Two 5 x 5 convolutions with pooling and a dense layer of 500, with ReLUs. Source: LeCun et al.,
 * Gradient-based learning applied to document recognition, 1998, in the form that Caffe made common
 * (20 and 50 channels, valid padding, maximum pooling).
 */
final class LeNet {

  private LeNet() {}

  static String layers(GraphBuilder graph, String from, int classes) {
    String first = Blocks.halved(graph, "pool1", convolution(graph, "conv1", from, 20));
    String second = Blocks.halved(graph, "pool2", convolution(graph, "conv2", first, 50));
    graph.addLayer(
        "dense", new DenseLayer.Builder().nOut(500).activation(Activation.RELU).build(), second);
    return Blocks.classified(graph, "dense", classes);
  }

  private static String convolution(GraphBuilder graph, String name, String from, int channels) {
    graph.addLayer(
        name,
        new ConvolutionLayer.Builder(5, 5)
            .nOut(channels)
            .convolutionMode(ConvolutionMode.Truncate)
            .activation(Activation.RELU)
            .build(),
        from);
    return name;
  }
}
