package io.gradlens.network;

import io.gradlens.model.NativeBackend;
import io.gradlens.model.StoredMetadata;
import io.gradlens.model.graph.InputShape;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;

/** Where the network that is trained comes from. */
public final class NetworkSource {
  private final StoredMetadata stored;
  private final Function<NetworkPlan, ComputationGraph> network;

  private NetworkSource(StoredMetadata stored, Function<NetworkPlan, ComputationGraph> network) {
    this.stored = stored;
    this.network = network;
  }

  /** A network with random weights. */
  public static NetworkSource architecture(Architectures architecture) {
    StoredMetadata stored =
        new StoredMetadata(new InputShape(architecture.side(), architecture.side(), 3), null, null);
    return new NetworkSource(stored, plan -> untrained(architecture, plan));
  }

  private static ComputationGraph untrained(Architectures architecture, NetworkPlan plan) {
    InputShape input = plan.stored().input();
    GraphBuilder graph =
        plan.optimizer()
            .into(new NeuralNetConfiguration.Builder().seed(plan.seed()))
            .weightInit(WeightInit.RELU)
            .convolutionMode(ConvolutionMode.Same)
            .graphBuilder()
            .addInputs("image")
            .setInputTypes(
                InputType.convolutional(input.height(), input.width(), input.channels()));
    String output = architecture.layers().add(graph, "image", plan.stored().classNames().size());
    ComputationGraph network = new ComputationGraph(graph.setOutputs(output).build());
    network.init();
    return network;
  }

  /** What the source says of input, preprocessing and classes; each may be missing. */
  public StoredMetadata stored() {
    return stored;
  }

  /**
   * Makes the network.
   *
   * @throws io.gradlens.UserInputException if it does not go with the plan
   */
  ComputationGraph network(NetworkPlan plan) {
    NativeBackend.configure();
    return network.apply(plan);
  }
}
