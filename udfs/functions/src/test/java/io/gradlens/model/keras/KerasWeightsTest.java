package io.gradlens.model.keras;

import static io.gradlens.model.keras.KerasConfiguration.json;
import static io.gradlens.model.keras.KerasH5File.filled;
import static io.gradlens.model.keras.KerasH5File.layer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradlens.model.graph.LayerGraph;
import io.jhdf.api.WritableGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Where the weights lie in files, of which Keras writes several kinds. */
class KerasWeightsTest {
  private static final String DENSE =
      """
      {'class_name':'Sequential','config':{'name':'s','layers':[
        {'class_name':'InputLayer','config':{'name':'i','batch_shape':[null,1,1,2]}},
        {'class_name':'Dense','config':{'name':'first','units':2,'use_bias':false}},
        {'class_name':'Flatten','config':{'name':'flat'}},
        {'class_name':'Dense','config':{'name':'second','units':1}}]}}
      """;

  @TempDir private Path folder;

  @Test
  void archivesCountLayersOfAClassInOrder() throws IOException {
    Path weights =
        KerasH5File.write(
            folder.resolve("w.h5"),
            hdf -> {
              WritableGroup layers = hdf.putGroup("layers");
              vars(layers, "dense", List.of((Object) new float[][] {{1, 2}, {3, 4}}));
              vars(layers, "dense_1", List.of(new float[][] {{5}, {6}}, new float[] {7}));
            });
    LayerGraph graph =
        KerasModelReader.read(
            KerasH5File.zip(folder.resolve("m.keras"), "3.0.5", json(DENSE), weights));

    assertThat(weight(graph, "first", 0)).containsExactly(1, 2, 3, 4);
    assertThat(weight(graph, "second", 0)).containsExactly(5, 6);
    assertThat(weight(graph, "second", 1)).containsExactly(7);
  }

  @Test
  void archivesThatNameTheLayerAreBelieved() throws IOException {
    Path weights =
        KerasH5File.write(
            folder.resolve("w.h5"),
            hdf -> {
              WritableGroup layers = hdf.putGroup("layers");
              vars(layers, "dense", List.of(new float[][] {{5}, {6}}, new float[] {7}))
                  .putAttribute("name", "second");
              vars(layers, "dense_1", List.of((Object) new float[][] {{1, 2}, {3, 4}}))
                  .putAttribute("name", "first");
            });
    LayerGraph graph =
        KerasModelReader.read(
            KerasH5File.zip(folder.resolve("m.keras"), "3.9.0", json(DENSE), weights));

    assertThat(weight(graph, "first", 0)).containsExactly(1, 2, 3, 4);
    assertThat(weight(graph, "second", 0)).containsExactly(5, 6);
  }

  @Test
  void archivesOfTensorFlow212MayLeaveGapsInTheCount() throws IOException {
    Path weights =
        KerasH5File.write(
            folder.resolve("w.h5"),
            hdf -> {
              WritableGroup layers = hdf.putGroup("_layer_checkpoint_dependencies");
              vars(layers, "dense", List.of((Object) new float[][] {{1, 2}, {3, 4}}));
              vars(layers, "dense_2", List.of(new float[][] {{5}, {6}}, new float[] {7}));
            });
    LayerGraph graph =
        KerasModelReader.read(
            KerasH5File.zip(folder.resolve("m.keras"), "2.12.0", json(DENSE), weights));

    assertThat(weight(graph, "second", 1)).containsExactly(7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"first/kernel:0", "first/kernel", "first_3/kernel:0", "kernel", "x/y/z"})
  void namesInH5FilesDoNotMatter(String name) {
    Path file =
        h5(
            "2.4.0",
            DENSE,
            weights -> {
              layer(weights, "first", name, new float[][] {{1, 2}, {3, 4}});
              layer(weights, "second", "a", new float[][] {{5}, {6}}, "b", new float[] {7});
            });
    LayerGraph graph = KerasModelReader.read(file);

    assertThat(weight(graph, "first", 0)).containsExactly(1, 2, 3, 4);
    assertThat(weight(graph, "second", 1)).containsExactly(7);
  }

  @Test
  void longListsOfNamesAreSplitOverSeveralAttributes() {
    Path file =
        h5(
            "2.4.0",
            DENSE,
            weights -> {
              layer(weights, "first", "k", new float[][] {{1, 2}, {3, 4}});
              WritableGroup group = weights.putGroup("second");
              group.putDataset("a", new float[][] {{5}, {6}});
              group.putDataset("b", new float[] {7});
              group.putAttribute("weight_names0", new String[] {"a"});
              group.putAttribute("weight_names1", new String[] {"b"});
            });

    assertThat(weight(KerasModelReader.read(file), "second", 1)).containsExactly(7);
  }

  @Test
  void otherNumericTypesAreConverted() {
    Path file =
        h5(
            "3.1.0",
            DENSE,
            weights -> {
              layer(weights, "first", "k", new double[][] {{1.5, 2}, {3, 4}});
              layer(weights, "second", "a", new int[][] {{5}, {6}}, "b", new double[] {7.25});
            });
    LayerGraph graph = KerasModelReader.read(file);

    assertThat(weight(graph, "first", 0)).containsExactly(1.5f, 2, 3, 4);
    assertThat(weight(graph, "second", 0)).containsExactly(5, 6);
    assertThat(weight(graph, "second", 1)).containsExactly(7.25f);
  }

  @Test
  void weightsLargerThanOnePieceArriveWhole() {
    int units = 70_001;
    float[][] kernel = new float[2][units];
    for (int i = 0; i < units; i++) {
      kernel[0][i] = i;
      kernel[1][i] = -i;
    }
    String config =
        """
        {'class_name':'Sequential','config':{'name':'s','layers':[
          {'class_name':'InputLayer','config':{'name':'i','batch_shape':[null,1,1,2]}},
          {'class_name':'Dense','config':{'name':'d','units':%d,'use_bias':false}}]}}
        """;
    Path file = h5("3.1.0", config.formatted(units), weights -> layer(weights, "d", "k", kernel));

    float[] expected = Arrays.copyOf(kernel[0], 2 * units);
    System.arraycopy(kernel[1], 0, expected, units, units);
    assertThat(weight(KerasModelReader.read(file), "d", 0)).isEqualTo(expected);
  }

  /**
   * Dense a (kernel), normalisation n (gamma, beta, mean, variance), dense b (kernel), in one list
   * of weights: what training changes first. The first number of each weight is its place in it.
   */
  @ParameterizedTest(name = "Keras {0}, frozen {1}: a {2}, n {3} {4} {5} {6}, b {7}")
  @CsvSource({
    "2,none,0,1,2,4,5,3",
    "3,none,0,1,2,4,5,3",
    "2,a,3,0,1,4,5,2",
    "3,n,0,2,3,4,5,1",
    "2,n,0,2,3,4,5,1",
    "2,a n b,0,1,2,3,4,5",
    "3,a n b outer,0,1,2,3,4,5",
    "3,a n outer,0,1,2,3,4,5",
    "2,a n outer,1,2,3,4,5,0"
  })
  void nestedModelsListTrainableWeightsFirst(
      int generation, String frozen, int a, int gamma, int beta, int mean, int variance, int b) {
    String config =
        """
        {'class_name':'Sequential','config':{'name':'s','layers':[
          {'class_name':'InputLayer','config':{'name':'i','batch_shape':[null,1,1,2]}},
          {'class_name':'Sequential','config':{'name':'outer','trainable':%s,'layers':[
            {'class_name':'Dense','config':
              {'name':'a','units':2,'use_bias':false,'trainable':%s}},
            {'class_name':'BatchNormalization','config':{'name':'n','trainable':%s}},
            {'class_name':'Dense','config':
              {'name':'b','units':2,'use_bias':false,'trainable':%s}}]}}]}}
        """
            .formatted(
                !frozen.contains("outer"),
                !frozen.contains("a"),
                !frozen.matches(".*\\bn\\b.*"),
                !frozen.contains("b"));
    int[] places = {a, gamma, beta, mean, variance, b};
    Object[] content = new Object[12];
    for (int i = 0; i < places.length; i++) {
      boolean kernel = i == 0 || i == 5;
      float[] row = filled(2, i + 1);
      content[2 * places[i]] = "w" + places[i];
      content[2 * places[i] + 1] = kernel ? new float[][] {row, row} : row;
    }
    Path file = h5(generation + ".3.0", config, weights -> layer(weights, "outer", content));
    LayerGraph graph = KerasModelReader.read(file);

    assertThat(weight(graph, "outer/a", 0)[0]).isEqualTo(1);
    assertThat(weight(graph, "outer/b", 0)[0]).isEqualTo(6);
    // Folded: scale 2/√(5+.001), shift 3 − 4·scale.
    float scale = (float) (2 / Math.sqrt(5.001));
    assertThat(weight(graph, "outer/n", 0)[0]).isCloseTo(scale, within(1e-6f));
    assertThat(weight(graph, "outer/n", 1)[0]).isCloseTo(3 - 4 * scale, within(1e-6f));
  }

  @Test
  void statesOfRandomGeneratorsAreNoWeights() {
    String config =
        DENSE
            .replace(
                "'class_name':'Dense','config':{'name':'first'",
                "'class_name':"
                    + "'Sequential','config':{'name':'n','layers':[{'class_name':'RandomFlip','config':"
                    + "{'name':'flip'}},{'class_name':'Dense','config':{'name':'first'")
            .replace("'use_bias':false}}", "'use_bias':false}}]}}");
    Path file =
        h5(
            "2.9.0",
            config,
            weights -> {
              layer(
                  weights,
                  "n",
                  "flip/StateVar:0",
                  new long[] {1, 2, 3},
                  "first/kernel:0",
                  new float[][] {{1, 2}, {3, 4}});
              layer(weights, "second", "a", new float[][] {{5}, {6}}, "b", new float[] {7});
            });

    assertThat(weight(KerasModelReader.read(file), "n/first", 0)).containsExactly(1, 2, 3, 4);
  }

  private Path h5(String version, String config, Consumer<WritableGroup> content) {
    return KerasH5File.model(folder.resolve("model.h5"), version, config, content);
  }

  private static WritableGroup vars(WritableGroup layers, String name, List<Object> values) {
    WritableGroup vars = layers.putGroup(name).putGroup("vars");
    for (int i = 0; i < values.size(); i++) {
      vars.putDataset(Integer.toString(i), values.get(i));
    }
    return vars;
  }

  private static float[] weight(LayerGraph graph, String layer, int index) {
    INDArray weight = graph.nodes().get(graph.outputOf(layer)).op().weights().get(index);
    return weight.dup('c').data().asFloat();
  }
}
