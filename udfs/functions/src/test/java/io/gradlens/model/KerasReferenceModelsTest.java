package io.gradlens.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
