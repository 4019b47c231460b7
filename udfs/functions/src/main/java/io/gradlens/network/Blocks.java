package io.gradlens.network;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What the architectures are built of. Every method returns the name of what it added last. */
final class Blocks {

  /** The name of the layer that gives probabilities. */
  static final String OUTPUT = "predictions";

  private Blocks() {}

  /** A k x k convolution, same padding, without bias, then batch normalisation. */
  static String normed(
      GraphBuilder graph, String name, String from, int k, int stride, int channels) {
    graph.addLayer(
        name,
        new ConvolutionLayer.Builder(k, k)
            .stride(stride, stride)
            .nOut(channels)
            .hasBias(false)
            .activation(Activation.IDENTITY)
            .build(),
        from);
    graph.addLayer(name + "_bn", new BatchNormalization.Builder().build(), name);
    return name + "_bn";
  }

  /** {@link #normed}, then a ReLU. */
  static String normedRelu(
      GraphBuilder graph, String name, String from, int k, int stride, int channels) {
    return relu(graph, name, normed(graph, name, from, k, stride, channels));
  }

  static String relu(GraphBuilder graph, String name, String from) {
    graph.addLayer(name + "_relu", new ActivationLayer(Activation.RELU), from);
    return name + "_relu";
  }

  /** The maximum of squares of 2 x 2. */
  static String halved(GraphBuilder graph, String name, String from) {
    graph.addLayer(
        name,
        new SubsamplingLayer.Builder(PoolingType.MAX).kernelSize(2, 2).stride(2, 2).build(),
        from);
    return name;
  }

  /** The mean of every channel. */
  static String averaged(GraphBuilder graph, String from) {
    graph.addLayer("pool", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), from);
    return "pool";
  }

  /**
   * @param share of the values that are dropped in training
   */
  static String dropped(GraphBuilder graph, String name, String from, double share) {
    // DL4J's number is the share that is kept.
    graph.addLayer(name, new DropoutLayer(1 - share), from);
    return name;
  }

  /** A dense layer with softmax, and cross entropy as loss. */
  static String classified(GraphBuilder graph, String from, int classes) {
    graph.addLayer(
        OUTPUT,
        new OutputLayer.Builder(LossFunction.MCXENT)
            .nOut(classes)
            .activation(Activation.SOFTMAX)
            .weightInit(WeightInit.XAVIER)
            .build(),
        from);
    return OUTPUT;
  }
}
