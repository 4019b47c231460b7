package io.gradlens.network.keras;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradlens.UserInputException;
import io.gradlens.model.NativeBackend;
import io.gradlens.model.graph.InputShape;
import io.gradlens.model.graph.LayerGraph;
import io.gradlens.model.layer.Conv2D;
import io.gradlens.model.layer.Dense;
import io.gradlens.model.layer.GlobalPool2D;
import io.gradlens.model.layer.Merge;
import io.gradlens.model.layer.Op;
import io.gradlens.model.layer.Pool2D;
import io.gradlens.model.layer.Softmax;
import io.gradlens.model.layer.Window;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

/** Networks that DL4J cannot have, whatever their layers are. */
class ConversionTest {
  private static final GlobalPool2D MEAN = new GlobalPool2D(Pool2D.Kind.AVERAGE, false);

  private final LayerGraph.Builder graph = new LayerGraph.Builder();
  private final int input = graph.input("image", new InputShape(8, 8, 3));

  @BeforeAll
  static void configure() {
    NativeBackend.configure();
  }

  private int layer(String name, Op op, int... inputs) {
    return graph.layer(name, op.getClass().getSimpleName(), inputs, List.of(op));
  }

  private static Dense dense() {
    return new Dense(Nd4j.randn(3, 2), null);
  }

  @Test
  void sharedWeightsAreRefused() {
    Conv2D conv = new Conv2D(Nd4j.randn(3, 3, 3, 3), null, Window.of(3, 3, 1, 1, true), 1);
    int twice = layer("conv:1", conv, layer("conv", conv, input));
    LayerGraph network = graph.build(layer("classes", dense(), layer("mean", MEAN, twice)));

    assertThatThrownBy(() -> KerasClassifier.of(network))
        .isInstanceOf(UserInputException.class)
        .hasMessage(
            "Layer 'conv:1' (Conv2D) can be explained but not trained: it has the weights of layer 'conv', and DL4J's layers share none.");
  }

  @Test
  void classesOfSeveralLayersAreRefused() {
    int mean = layer("mean", MEAN, input);
    int both =
        layer(
            "both",
            new Merge(Merge.Kind.ADD),
            layer("a", dense(), mean),
            layer("b", dense(), mean));
    LayerGraph network = graph.build(layer("softmax", new Softmax(), both));

    assertThatThrownBy(() -> KerasClassifier.of(network))
        .isInstanceOf(UserInputException.class)
        .hasMessageContaining("The classes come from layer 'both' (Merge)");
  }
}
