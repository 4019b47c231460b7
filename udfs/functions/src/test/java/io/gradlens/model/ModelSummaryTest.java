package io.gradlens.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradlens.model.graph.InputShape;
import io.gradlens.model.graph.LayerGraph;
import io.gradlens.model.graph.LayerInfo;
import io.gradlens.model.layer.Conv2D;
import io.gradlens.model.layer.Merge;
import io.gradlens.model.layer.Window;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

class ModelSummaryTest {

  /** The seed article's case: a picture of 200x200 and ten filters of 5x5. */
  @ParameterizedTest(name = "{0}, stride {1}x{2}")
  @CsvSource({
    "valid,1,1,'(None, 196, 196, 10)'",
    "same,1,1,'(None, 200, 200, 10)'",
    "valid,2,2,'(None, 98, 98, 10)'",
    "same,2,2,'(None, 100, 100, 10)'",
    "valid,3,1,'(None, 66, 196, 10)'",
    "same,3,1,'(None, 67, 200, 10)'"
  })
  void outputShapeFollowsPaddingAndStride(String padding, int down, int right, String shape) {
    String table = new ModelSummary(network(padding.equals("same"), down, right)).render();

    assertThat(row(table, "conv2d (Conv2D)")).contains(shape).endsWith(" 760");
    assertThat(table)
        .contains("Total params: 760 (2.97 KB)\n")
        .contains("Trainable params: 760 (2.97 KB)\n")
        .endsWith("Non-trainable params: 0 (0.00 B)\n");
  }

  @Test
  void sequentialModelIsAPlainTable() {
    assertThat(new ModelSummary(network(false, 1, 1)).render())
        .isEqualTo(
            """
            Layer (type)        Output Shape          Param #
            =================================================
            image (InputLayer)  (None, 200, 200, 3)         0
            conv2d (Conv2D)     (None, 196, 196, 10)      760
            =================================================
            Total params: 760 (2.97 KB)
            Trainable params: 760 (2.97 KB)
            Non-trainable params: 0 (0.00 B)
            """);
  }

  @Test
  void branchingModelNamesEveryInputOnALineOfItsOwn() {
    LayerGraph.Builder builder = new LayerGraph.Builder();
    int image = builder.input("image", new InputShape(-1, -1, 3));
    int a = builder.layer("a", "Conv2D", new int[] {image}, List.of(convolution(true, 1, 1)));
    int b = builder.layer("b", "Conv2D", new int[] {image}, List.of(convolution(true, 1, 1)));
    int sum = builder.layer("sum", "Add", new int[] {a, b}, List.of(new Merge(Merge.Kind.ADD)));
    String table = new ModelSummary(builder.build(sum).layers()).render();

    assertThat(table.lines().limit(7))
        .containsExactly(
            "Layer (type)        Output Shape            Param #  Connected to",
            "=================================================================",
            "image (InputLayer)  (None, None, None, 3)         0  -",
            "a (Conv2D)          (None, None, None, 10)      760  image",
            "b (Conv2D)          (None, None, None, 10)      760  image",
            "sum (Add)           (None, None, None, 10)        0  a",
            "                                                     b");
  }

  @Test
  void totalsHaveThousandsSeparatorsAndSizes() {
    LayerInfo layer =
        new LayerInfo("fc1", "Dense", List.of(4096), 138_357_000, 544, List.of("flatten"));

    assertThat(new ModelSummary(List.of(layer)).render())
        .contains("138,357,544\n")
        .contains("Total params: 138,357,544 (527.79 MB)")
        .contains("Trainable params: 138,357,000 (527.79 MB)")
        .contains("Non-trainable params: 544 (2.12 KB)");
  }

  private static List<LayerInfo> network(boolean same, int down, int right) {
    LayerGraph.Builder builder = new LayerGraph.Builder();
    int image = builder.input("image", new InputShape(200, 200, 3));
    int conv =
        builder.layer(
            "conv2d", "Conv2D", new int[] {image}, List.of(convolution(same, down, right)));
    return builder.build(conv).layers();
  }

  private static Conv2D convolution(boolean same, int down, int right) {
    return new Conv2D(
        Nd4j.zeros(DataType.FLOAT, 5, 5, 3, 10),
        Nd4j.zeros(DataType.FLOAT, 10),
        Window.of(5, 5, down, right, same),
        1);
  }

  private static String row(String table, String start) {
    return table.lines().filter(line -> line.startsWith(start)).findFirst().orElseThrow();
  }
}
