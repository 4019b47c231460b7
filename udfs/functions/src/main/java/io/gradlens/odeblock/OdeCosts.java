package io.gradlens.odeblock;

import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/** Where the costs of a network's ODE blocks can be read. */
public final class OdeCosts {

  private OdeCosts() {}

  /** What the last batch took, by the blocks' names; empty where there is no block. */
  public static Map<String, OdeCost> of(ComputationGraph network) {
    return of(network.getLayers());
  }

  /** What the last batch took, by the blocks' names; empty where there is no block. */
  public static Map<String, OdeCost> of(MultiLayerNetwork network) {
    return of(network.getLayers());
  }

  private static Map<String, OdeCost> of(Layer[] layers) {
    Map<String, OdeCost> costs = new LinkedHashMap<>();
    for (Layer layer : layers) {
      if (layer instanceof OdeBlockLayer block) {
        costs.put(block.layerConf().getLayerName(), block.cost());
      }
    }
    return costs;
  }
}
