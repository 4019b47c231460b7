package io.gradlens.network;

import io.gradlens.UserInputException;
import io.gradlens.model.graph.InputShape;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;

/** Networks with random weights. */
final class NewNetwork {

  private NewNetwork() {}

  /** Convolutions begin as He et al., 2015, have it: normal with variance 2/inputs. */
  static ComputationGraph of(Architectures.Layers layers, NetworkPlan plan) {
    InputShape input = plan.stored().input();
    GraphBuilder graph =
        plan.optimizer()
            .into(new NeuralNetConfiguration.Builder().seed(plan.firstSeed()))
            .weightInit(WeightInit.RELU)
            .convolutionMode(ConvolutionMode.Same)
            .graphBuilder()
            .addInputs("image")
            .setInputTypes(
                InputType.convolutional(input.height(), input.width(), input.channels()));
    try {
      String output = layers.add(graph, "image", plan.stored().classNames().size());
      ComputationGraph network = new ComputationGraph(graph.setOutputs(output).build());
      network.init();
      return network;
    } catch (RuntimeException e) {
      throw new UserInputException(
          "The architecture does not take in pictures of %dx%d: %s."
              .formatted(input.height(), input.width(), NetworkSource.firstLine(e)),
          e);
    }
  }

  /**
   * @throws UserInputException if it is no configuration of DL4J's
   */
  static ComputationGraph ofJson(String json) {
    try {
      ComputationGraph network = new ComputationGraph(ComputationGraphConfiguration.fromJson(json));
      network.init();
      return network;
    } catch (RuntimeException graph) {
      try {
        MultiLayerNetwork network = new MultiLayerNetwork(MultiLayerConfiguration.fromJson(json));
        network.init();
        return network.toComputationGraph();
      } catch (RuntimeException layers) {
        throw new UserInputException(
            "The architecture is no JSON of DL4J's ComputationGraphConfiguration or MultiLayerConfiguration: %s."
                .formatted(NetworkSource.firstLine(graph)),
            graph);
      }
    }
  }
}
