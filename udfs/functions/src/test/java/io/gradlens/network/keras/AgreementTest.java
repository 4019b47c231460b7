package io.gradlens.network.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradlens.UserInputException;
import io.gradlens.model.NativeBackend;
import io.gradlens.model.graph.LayerGraph;
import io.gradlens.model.keras.KerasModelReader;
import io.gradlens.model.keras.TinyKeras;
import java.nio.file.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The net under the conversion: a network that computes something else is refused. */
class AgreementTest {
  @TempDir private Path folder;
  private LayerGraph graph;
  private Head head;
  private ComputationGraph network;

  @BeforeEach
  void convert() {
    NativeBackend.configure();
    graph = KerasModelReader.read(TinyKeras.write(folder.resolve("tiny.h5")));
    head = Head.of(graph);
    network = Conversion.toLogits(graph, head);
  }

  @Test
  void sameWeightsPass() {
    Agreement.check(graph, head, network);

    assertThat(network.getConfiguration().getNetworkOutputs()).containsExactly("classes");
  }

  @ParameterizedTest
  @CsvSource({"conv1,W", "bn1,mean", "conv2,b", "features,W", "classes,W"})
  void firstLayerThatDiffersIsNamed(String layer, String parameter) {
    network.getLayer(layer).getParam(parameter).addi(0.1);

    assertThatThrownBy(() -> Agreement.check(graph, head, network))
        .isInstanceOf(UserInputException.class)
        .hasMessageContaining("Layer '" + layer + "'")
        .hasMessageContaining("DL4J computes something else");
  }
}
