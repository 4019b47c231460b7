package io.gradlens.network;

import io.gradlens.UserInputException;
import io.gradlens.model.StoredMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.weights.WeightInit;

/**
 * A network of DL4J's whose weights come from an earlier training.
 *
 * @param freezeTo the layers to this one keep their weights; null for none
 */
record TrainedBefore(ComputationGraph network, StoredMetadata stored, String freezeTo) {

  /**
   * @throws UserInputException if there is no such layer
   */
  static TrainedBefore of(ComputationGraph network, StoredMetadata stored, String freezeTo) {
    requireLayer(freezeTo, layers(network), layer -> !layer.equals(output(network)));
    return new TrainedBefore(network, stored, freezeTo);
  }

  /**
   * @param freezeTo null for no layer
   * @param layers all that the model has
   * @param isBefore whether something is left to learn behind a layer
   * @throws UserInputException if the layer is none of them, or the last
   */
  static void requireLayer(String freezeTo, List<String> layers, Predicate<String> isBefore) {
    if (freezeTo != null && !layers.contains(freezeTo)) {
      throw new UserInputException(
          "Layer '%s' of --freeze-to is not in the model; its layers are: %s."
              .formatted(freezeTo, String.join(", ", layers)));
    }
    if (freezeTo != null && !isBefore.test(freezeTo)) {
      throw new UserInputException(
          "Layer '%s' of --freeze-to is the last one: nothing would be left to learn."
              .formatted(freezeTo));
    }
  }

  private static List<String> layers(ComputationGraph network) {
    List<String> names = new ArrayList<>();
    for (int index : network.topologicalSortOrder()) {
      String name = network.getVertices()[index].getVertexName();
      if (network.getConfiguration().getVertices().containsKey(name)) {
        names.add(name);
      }
    }
    return names;
  }

  private static String output(ComputationGraph network) {
    return network.getConfiguration().getNetworkOutputs().get(0);
  }

  /**
   * The network as the plan goes on with it.
   *
   * @throws UserInputException if the classes are others and the last layer cannot be replaced
   */
  ComputationGraph continued(NetworkPlan plan) {
    TransferLearning.GraphBuilder graph = tuned(network, plan, freezeTo);
    if (!Objects.equals(stored.classNames(), plan.stored().classNames())) {
      String last = output(network);
      if (!(network.getConfiguration().getVertices().get(last) instanceof LayerVertex vertex)
          || !(vertex.getLayerConf().getLayer() instanceof OutputLayer)) {
        throw new UserInputException(
            "The last layer '%s' of the model is no OutputLayer and cannot be made anew for other classes."
                .formatted(last));
      }
      graph.nOutReplace(last, plan.stored().classNames().size(), WeightInit.XAVIER);
    }
    return graph.build();
  }

  /**
   * The same network with the plan's optimizer.
   *
   * @param freezeTo the layers to this one keep their weights; null for none
   */
  static ComputationGraph withOptimizer(
      ComputationGraph network, NetworkPlan plan, String freezeTo) {
    return tuned(network, plan, freezeTo).build();
  }

  private static TransferLearning.GraphBuilder tuned(
      ComputationGraph network, NetworkPlan plan, String freezeTo) {
    TransferLearning.GraphBuilder graph =
        new TransferLearning.GraphBuilder(network)
            .fineTuneConfiguration(
                plan.optimizer()
                    .into(new FineTuneConfiguration.Builder().seed(plan.firstSeed()))
                    .build());
    if (freezeTo != null) {
      graph.setFeatureExtractor(freezeTo);
    }
    return graph;
  }
}
