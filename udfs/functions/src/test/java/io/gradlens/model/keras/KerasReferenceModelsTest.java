package io.gradlens.model.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradlens.RealData;
import io.gradlens.model.FeatureMaps;
import io.gradlens.model.HeadActivation;
import io.gradlens.model.Networks;
import io.gradlens.model.ProbedModel;
import io.gradlens.model.Trace;
import io.gradlens.model.graph.InputShape;
import io.gradlens.model.graph.LayerGraph;
import io.gradlens.model.graph.LayerInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that Keras wrote, read and compared with what Keras said about them. */
class KerasReferenceModelsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest(name = "{0}.{1}")
  @CsvSource({
    "sequential,keras",
    "sequential,h5",
    "functional,keras",
    "functional,h5",
    "nested,keras",
    "nested,h5",
    "binary,keras",
    "binary,h5",
    "mobilenet_v2_035_96,keras",
    "mobilenet_v2_035_96,h5"
  })
  void parameterCountEqualsThatOfKeras(String name, String form) throws IOException {
    JsonNode expected = JSON.readTree(RealData.path("keras/" + name + ".json").toFile());
    LayerGraph graph = KerasModelReader.read(RealData.path("keras/" + name + "." + form));

    long parameters = graph.layers().stream().mapToLong(LayerInfo::parameters).sum();
    assertThat(parameters).isEqualTo(expected.path("parameters").asLong());
    assertThat(graph.outputOf(expected.path("layer").asText())).isNotNull();
  }

  @ParameterizedTest(name = "{0}.{1}")
  @CsvSource({
    "sequential,keras",
    "sequential,h5",
    "functional,keras",
    "functional,h5",
    "nested,keras",
    "nested,h5",
    "binary,keras",
    "binary,h5",
    "mobilenet_v2_035_96,keras",
    "mobilenet_v2_035_96,h5"
  })
  void outputsAndGradCamAgreeWithKeras(String name, String form) throws IOException {
    JsonNode expected = JSON.readTree(RealData.path("keras/" + name + ".json").toFile());
    LayerGraph graph = KerasModelReader.read(RealData.path("keras/" + name + "." + form));
    boolean explained = expected.has("grad_cam");
    String layer = expected.path("layer").asText();

    try (ProbedModel model = Networks.model(graph);
        Trace trace = forward(model, expected, layer)) {
      boolean binary = model.headActivation() == HeadActivation.BINARY_SIGMOID;
      for (int n = 0; n < trace.size(); n++) {
        assertClose(trace.probabilities()[n], expected.path("probabilities").get(n), binary);
        if (explained) {
          assertClose(trace.logits()[n], expected.path("logits").get(n), binary);
        }
      }
      if (explained) {
        assertGradCam(trace, layer, expected, binary);
      }
      assertThat(model.autoLayer()).isEqualTo(layer);
    }
  }

  private static Trace forward(ProbedModel model, JsonNode expected, String layer) {
    float[] images = floats(expected.path("input"));
    int height = expected.path("input_shape").get(1).asInt();
    int width = expected.path("input_shape").get(2).asInt();
    return model.forward(images, height, width, List.of(layer));
  }

  /** A single sigmoid unit stands for class 1 of two. */
  private static void assertClose(float[] actual, JsonNode expected, boolean binary) {
    float[] values = floats(expected);
    assertThat(actual).hasSize(binary ? 2 : values.length);
    for (int c = 0; c < values.length; c++) {
      assertThat(actual[binary ? 1 : c]).isCloseTo(values[c], within(1e-5f));
    }
  }

  private static void assertGradCam(Trace trace, String layer, JsonNode expected, boolean binary) {
    float[][] seeds = new float[trace.size()][trace.logits()[0].length];
    for (int n = 0; n < seeds.length; n++) {
      seeds[n][binary ? 1 : expected.path("target").get(n).asInt()] = 1;
    }
    FeatureMaps activation = trace.activation(layer);
    FeatureMaps gradient = trace.vjp(layer, List.<float[][]>of(seeds)).get(0);
    for (int n = 0; n < seeds.length; n++) {
      float[] map = floats(expected.path("grad_cam").get(n));
      float largest = 0;
      for (float v : map) {
        largest = Math.max(largest, v);
      }
      float[] actual = gradCam(activation.values()[n], gradient.values()[n], map.length);
      assertThat(actual).containsExactly(map, within(1e-5f * largest));
    }
  }

  private static float[] gradCam(float[] a, float[] g, int places) {
    double[] map = new double[places];
    for (int k = 0; k < a.length / places; k++) {
      double weight = 0;
      for (int i = 0; i < places; i++) {
        weight += g[k * places + i] / places;
      }
      for (int i = 0; i < places; i++) {
        map[i] += weight * a[k * places + i];
      }
    }
    float[] positive = new float[places];
    for (int i = 0; i < places; i++) {
      positive[i] = (float) Math.max(0, map[i]);
    }
    return positive;
  }

  private static float[] floats(JsonNode values) {
    float[] result = new float[values.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = values.get(i).floatValue();
    }
    return result;
  }

  @Test
  void layersOfNestedModelsCarryTheNestedModelsName() {
    LayerGraph graph = KerasModelReader.read(RealData.path("keras/nested.keras"));

    assertThat(graph.layers().stream().map(LayerInfo::name))
        .containsExactly(
            "input_layer_2",
            "random_flip",
            "normalization",
            "backbone/inner_a",
            "backbone/batch_normalization_1",
            "backbone/inner_b",
            "global_max_pooling2d",
            "dense_2");
  }

  @Test
  void squeezeNetOfKeras3HasItsPublishedSize() {
    LayerGraph graph = read("models/squeezenet_v1.0_imagenet.h5");

    assertThat(graph.input()).isEqualTo(new InputShape(227, 227, 3));
    assertThat(layer(graph, "fire9_concat").outputShape()).isEqualTo(List.of(13, 13, 512));
    assertThat(graph.layers().stream().mapToLong(LayerInfo::parameters).sum())
        .isEqualTo(1_248_424L);
  }

  @Test
  void miniXceptionOfKeras205HasItsPublishedSize() {
    LayerGraph graph = read("models/mini_xception_fer2013.hdf5");

    assertThat(graph.input()).isEqualTo(new InputShape(64, 64, 1));
    assertThat(layer(graph, "add_4").outputShape()).isEqualTo(List.of(4, 4, 128));
    assertThat(graph.layers().stream().mapToLong(LayerInfo::parameters).sum()).isEqualTo(58_423L);
  }

  private static LayerGraph read(String relative) {
    Path file = RealData.path(relative);
    return KerasModelReader.read(file);
  }

  private static LayerInfo layer(LayerGraph graph, String name) {
    return graph.layers().stream().filter(l -> l.name().equals(name)).findFirst().orElseThrow();
  }
}
