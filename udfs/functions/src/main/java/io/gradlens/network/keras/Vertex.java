package io.gradlens.network.keras;

import java.util.Map;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What an op is in DL4J: a layer, or a vertex without parameters; the other is null.
 *
 * @param parameters by DL4J's names, in its shapes
 */
record Vertex(Layer layer, GraphVertex vertex, Map<String, INDArray> parameters) {

  static Vertex of(Layer layer) {
    return of(layer, Map.of());
  }

  static Vertex of(Layer layer, Map<String, INDArray> parameters) {
    return new Vertex(layer, null, parameters);
  }

  static Vertex of(GraphVertex vertex) {
    return new Vertex(null, vertex, Map.of());
  }

  static Vertex of(InputPreProcessor step) {
    return of(new PreprocessorVertex(step));
  }
}
