package io.gradlens.model.keras;

import com.fasterxml.jackson.databind.JsonNode;
import io.gradlens.model.Networks;
import io.gradlens.model.ProbedModel;
import io.gradlens.model.Trace;
import io.gradlens.model.graph.InputShape;
import io.gradlens.model.graph.LayerGraph;
import io.gradlens.model.graph.LayerInfo;
import java.util.List;
import org.nd4j.linalg.factory.Nd4j;

/** Runs small configurations with weights of the test's choice. */
final class KerasNetwork {

  private KerasNetwork() {}

  /** Weight i of every layer holds i + 1, i + 2, … divided by 10. */
  static KerasWeights counting() {
    return (layer, index, shape) -> {
      int length = 1;
      for (long n : shape) {
        length *= (int) n;
      }
      float[] values = new float[length];
      for (int i = 0; i < length; i++) {
        values[i] = (index + i + 1) / 10f;
      }
      return Nd4j.create(values, shape, 'c');
    };
  }

  /** What one layer of a generation of Keras makes of a picture {@code [H,W,C]}, flattened. */
  static float[] apply(
      int generation, String kind, String settings, InputShape shape, float... image) {
    KerasConfiguration net = new KerasConfiguration(generation);
    String input = net.input(shape.height(), shape.width(), shape.channels());
    net.add("Flatten", "flatten", "", net.add(kind, "layer", settings, input));
    return run(net.build("net"), generation, shape, image);
  }

  static float[] run(JsonNode config, int generation, InputShape shape, float... image) {
    LayerGraph graph = graph(config, generation);
    try (ProbedModel model = Networks.model(graph);
        Trace trace = model.forward(image, shape.height(), shape.width(), List.of())) {
      float[][] probabilities = trace.probabilities();
      return probabilities == null ? trace.logits()[0] : probabilities[0];
    }
  }

  static LayerGraph graph(JsonNode config, int generation) {
    return KerasGraph.build(KerasModel.parse(config, generation), counting());
  }

  static LayerInfo layer(LayerGraph graph, String name) {
    return graph.layers().stream().filter(l -> l.name().equals(name)).findFirst().orElseThrow();
  }
}
