package io.gradlens.network;

import io.gradlens.odeblock.GroupNorm;
import io.gradlens.odeblock.OdeBlock;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.nd4j.linalg.activations.Activation;

/**
 * The image classifier of the paper on neural ODEs, and the two that it is measured against.
 *
 * <p>A convolution (3x3), two that halve the maps (4x4, stride 2), each but the last with group
 * normalisation and ReLU; the middle, which keeps the maps' shape; normalisation, ReLU, the mean of
 * each map, and a dense layer to the classes. 64 channels everywhere.
 *
 * <pre>
 * parameters for 28x28 grey pictures of 10 classes
 * ODE block            208,266
 * six residual blocks  576,778
 * nothing              132,874
 * </pre>
 *
 * <p>Source: Chen, Rubanova, Bettencourt, Duvenaud, Neural Ordinary Differential Equations, 2018,
 * section 3, and the authors' experiment on MNIST.
 */
public final class OdeNet {

  /** The layer that is the ODE block. */
  public static final String BLOCK = "ode";

  private static final String INPUT = "image";
  private static final int CHANNELS = 64;
  private static final int GROUPS = 32;
  private static final int RESIDUAL_BLOCKS = 6;

  private OdeNet() {}

  /**
   * The network with an ODE block in the middle.
   *
   * @param settings seed, updater and the like
   * @param input size and channels of the pictures, at least 9 pixels each way
   * @param block its solver and adjoint
   */
  public static GraphBuilder odeNet(
      NeuralNetConfiguration.Builder settings,
      InputType.InputTypeConvolutional input,
      int classes,
      OdeBlock.Builder block) {
    GraphBuilder graph = begin(settings, input);
    return graph.setOutputs(odeLayers(graph, INPUT, classes, block));
  }

  /**
   * The same with six residual blocks in its place: normalise, ReLU and convolve, twice, and add.
   */
  public static GraphBuilder residualNet(
      NeuralNetConfiguration.Builder settings,
      InputType.InputTypeConvolutional input,
      int classes) {
    GraphBuilder graph = begin(settings, input);
    return graph.setOutputs(residualLayers(graph, INPUT, classes));
  }

  /** The same with nothing in its place: what the rest of the network can do alone. */
  public static GraphBuilder withoutBlock(
      NeuralNetConfiguration.Builder settings,
      InputType.InputTypeConvolutional input,
      int classes) {
    GraphBuilder graph = begin(settings, input);
    return graph.setOutputs(otherLayers(graph, INPUT, classes));
  }

  private static GraphBuilder begin(
      NeuralNetConfiguration.Builder settings, InputType.InputTypeConvolutional input) {
    return settings.graphBuilder().addInputs(INPUT).setInputTypes(input);
  }

  /** The layers of {@link #odeNet} with tolerances of 10⁻³, the paper's. */
  static String odeLayers(GraphBuilder graph, String from, int classes) {
    return odeLayers(graph, from, classes, new OdeBlock.Builder().tolerances(1e-3, 1e-3));
  }

  private static String odeLayers(
      GraphBuilder graph, String from, int classes, OdeBlock.Builder block) {
    graph.addLayer(BLOCK, block.build(), stem(graph, from));
    return head(graph, BLOCK, classes);
  }

  /** The layers of {@link #residualNet}. */
  static String residualLayers(GraphBuilder graph, String from, int classes) {
    String last = stem(graph, from);
    for (int i = 1; i <= RESIDUAL_BLOCKS; i++) {
      String name = "residual" + i;
      String inner = activated(graph, name + "_1", last);
      graph.addLayer(name + "_conv1", unbiased(), inner);
      inner = activated(graph, name + "_2", name + "_conv1");
      graph.addLayer(name + "_conv2", unbiased(), inner);
      ElementWiseVertex sum = new ElementWiseVertex(ElementWiseVertex.Op.Add);
      graph.addVertex(name, sum, last, name + "_conv2");
      last = name;
    }
    return head(graph, last, classes);
  }

  /** The layers of {@link #withoutBlock}. */
  static String otherLayers(GraphBuilder graph, String from, int classes) {
    return head(graph, stem(graph, from), classes);
  }

  private static String stem(GraphBuilder graph, String from) {
    graph.addLayer("conv1", convolution(3).build(), from);
    graph.addLayer("conv2", halving(), activated(graph, "1", "conv1"));
    graph.addLayer("conv3", halving(), activated(graph, "2", "conv2"));
    return "conv3";
  }

  private static ConvolutionLayer.Builder convolution(int kernel) {
    return new ConvolutionLayer.Builder(kernel, kernel)
        .convolutionMode(ConvolutionMode.Truncate)
        .nOut(CHANNELS)
        .activation(Activation.IDENTITY);
  }

  private static ConvolutionLayer halving() {
    return convolution(4).stride(2, 2).padding(1, 1).build();
  }

  private static ConvolutionLayer unbiased() {
    return convolution(3).padding(1, 1).hasBias(false).build();
  }

  /** Adds group normalisation and ReLU. */
  private static String activated(GraphBuilder graph, String name, String from) {
    String norm = "norm" + name;
    String relu = "relu" + name;
    graph.addLayer(norm, new GroupNorm.Builder(GROUPS).build(), from);
    graph.addLayer(relu, new ActivationLayer(Activation.RELU), norm);
    return relu;
  }

  private static String head(GraphBuilder graph, String from, int classes) {
    String pooled = Blocks.averaged(graph, activated(graph, "3", from));
    return Blocks.classified(graph, pooled, classes);
  }
}
