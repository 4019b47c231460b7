package io.gradlens.model.keras;

import static io.gradlens.model.keras.KerasConfiguration.json;
import static io.gradlens.model.keras.KerasNetwork.graph;
import static io.gradlens.model.keras.KerasNetwork.layer;
import static io.gradlens.model.keras.KerasNetwork.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.gradlens.UserInputException;
import io.gradlens.model.graph.InputShape;
import io.gradlens.model.graph.LayerGraph;
import io.gradlens.model.graph.LayerInfo;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How configurations of both generations become graphs. */
class KerasGraphTest {
  private static final InputShape TWO = new InputShape(1, 1, 2);

  @Test
  void sequentialListOfOldFilesHasItsShapeAtTheFirstLayer() {
    JsonNode config =
        json(
            """
            {'class_name':'Sequential','config':[
              {'class_name':'Conv2D','config':{'name':'conv','filters':3,'kernel_size':[3,3],
                'batch_input_shape':[null,8,6,1]}},
              {'class_name':'GlobalAveragePooling2D','config':{'name':'pool'}}]}
            """);
    LayerGraph graph = graph(config, 2);

    assertThat(graph.input()).isEqualTo(new InputShape(8, 6, 1));
    assertThat(graph.layers().stream().map(LayerInfo::name))
        .containsExactly("conv_input", "conv", "pool");
    assertThat(layer(graph, "conv").outputShape()).isEqualTo(List.of(6, 4, 3));
  }

  @Test
  void sequentialModelThatStartsWithANestedOneTakesItsShapeFromThere() {
    JsonNode config =
        json(
            """
            {'class_name':'Sequential','config':{'name':'outer','layers':[
              {'class_name':'Sequential','config':{'name':'base','layers':[
                {'class_name':'InputLayer','config':{'name':'i','batch_input_shape':[null,4,5,2]}},
                {'class_name':'ReLU','config':{'name':'relu'}}]}},
              {'class_name':'Flatten','config':{'name':'flat'}}]}}
            """);
    LayerGraph graph = graph(config, 2);

    assertThat(graph.input()).isEqualTo(new InputShape(4, 5, 2));
    assertThat(graph.layers().stream().map(LayerInfo::name))
        .containsExactly("base_input", "base/relu", "flat");
  }

  @Test
  void inputSizeMayBeFree() {
    JsonNode config =
        json(
            """
            {'class_name':'Sequential','config':{'layers':[
              {'class_name':'InputLayer','config':{'name':'i','batch_shape':[null,null,null,3]}},
              {'class_name':'GlobalMaxPooling2D','config':{'name':'pool'}}]}}
            """);

    assertThat(graph(config, 3).input()).isEqualTo(new InputShape(-1, -1, 3));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void branchesMeetInTheOrderOfTheCall(int generation) {
    KerasConfiguration net = new KerasConfiguration(generation);
    String input = net.input(1, 1, 2);
    String twice = net.add("Rescaling", "twice", "'scale':2.0", input);
    net.add("Flatten", "flat", "", net.add("Subtract", "difference", "", input, twice));

    assertThat(run(net.build("net"), generation, TWO, 1, 3)).containsExactly(-1, -3);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"-1,4", "3,4", "1,2", "-2,2"})
  void concatenationCountsAxesWithTheBatch(int axis, int channels) {
    KerasConfiguration net = new KerasConfiguration(3);
    String input = net.input(5, 7, 2);
    net.add("Concatenate", "join", "'axis':" + axis, input, input);

    List<Integer> shape = layer(graph(net.build("net"), 3), "join").outputShape();
    assertThat(shape.get(2)).isEqualTo(channels);
    assertThat(shape.get(0) * shape.get(1) * shape.get(2)).isEqualTo(2 * 5 * 7 * 2);
  }

  @Test
  void layerAppliedTwiceSharesItsWeightsAndCountsOnce() {
    JsonNode config =
        json(
            """
            {'class_name':'Model','config':{'name':'m','layers':[
              {'class_name':'InputLayer','name':'i','config':{'batch_input_shape':[null,1,1,2]},
                'inbound_nodes':[]},
              {'class_name':'Dense','name':'d','config':{'units':2,'use_bias':false},
                'inbound_nodes':[[['i',0,0,{}]],[['d',0,0,{}]]]},
              {'class_name':'Flatten','name':'f','config':{},
                'inbound_nodes':[[['d',1,0,{}]]]}],
              'input_layers':[['i',0,0]],'output_layers':[['f',0,0]]}}
            """);
    LayerGraph graph = graph(config, 2);

    assertThat(graph.layers().stream().map(LayerInfo::name)).containsExactly("i", "d", "d:1", "f");
    assertThat(graph.layers().stream().mapToLong(LayerInfo::parameters))
        .containsExactly(0L, 4L, 0L, 0L);
    // W = [[.1,.2],[.3,.4]]; [1,0]·W·W = [.07,.1].
    assertThat(run(config, 2, TWO, 1, 0)).containsExactly(new float[] {.07f, .1f}, within(1e-6f));
  }

  /** Keras 2 counts a nested model's first call as 1, Keras 3 counts a sequential one's as 0. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void nestedModelMayBeAppliedTwice(int first) {
    JsonNode config =
        json(
            """
            {'class_name':'Functional','config':{'name':'m','layers':[
              {'class_name':'InputLayer','name':'i','config':{'batch_input_shape':[null,1,1,2]},
                'inbound_nodes':[]},
              {'class_name':'Functional','name':'inner','config':{'name':'inner','layers':[
                  {'class_name':'InputLayer','name':'j','config':{},'inbound_nodes':[]},
                  {'class_name':'Rescaling','name':'r','config':{'scale':3.0,'offset':1.0},
                    'inbound_nodes':[[['j',0,0,{}]]]}],
                'input_layers':[['j',0,0]],'output_layers':[['r',0,0]]},
                'inbound_nodes':[[['i',0,0,{}]],[['inner',%d,0,{}]]]},
              {'class_name':'Flatten','name':'f','config':{},
                'inbound_nodes':[[['inner',%d,0,{}]]]}],
              'input_layers':[['i',0,0]],'output_layers':[['f',0,0]]}}
            """
                .formatted(first, first + 1));

    assertThat(graph(config, 2).layers().stream().map(LayerInfo::name))
        .containsExactly("i", "inner/r", "inner:1/r", "f");
    assertThat(run(config, 2, TWO, 1, 0)).containsExactly(13, 4);
  }

  @Test
  void frozenLayersCountAsNotTrainable() {
    KerasConfiguration net = new KerasConfiguration(3);
    String x = net.add("Dense", "frozen", "'units':4,'trainable':false", net.input(1, 1, 2));
    net.add("Dense", "free", "'units':1", x);
    LayerGraph graph = graph(net.build("net"), 3);

    assertThat(layer(graph, "frozen").nonTrainable()).isEqualTo(12);
    assertThat(layer(graph, "frozen").trainable()).isZero();
    assertThat(layer(graph, "free").trainable()).isEqualTo(5);
  }

  @Test
  void layersStandInAnyOrderInTheFile() {
    JsonNode config =
        json(
            """
            {'class_name':'Functional','config':{'layers':[
              {'class_name':'Flatten','name':'f','config':{},'inbound_nodes':[[['r',0,0,{}]]]},
              {'class_name':'ReLU','name':'r','config':{},'inbound_nodes':[[['i',0,0,{}]]]},
              {'class_name':'InputLayer','name':'i','config':{'batch_input_shape':[null,1,1,2]},
                'inbound_nodes':[]}],
              'input_layers':[['i',0,0]],'output_layers':[['f',0,0]]}}
            """);

    assertThat(run(config, 2, TWO, -1, 3)).containsExactly(0, 3);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{'class_name':'MyModel','config':{}}|a model of class 'MyModel'",
        "{'class_name':'Sequential','config':{'layers':[]}}|lists no layers",
        "{'class_name':'Sequential','config':{'layers':[{'class_name':'ReLU',"
            + "'config':{'name':'r'}}]}}|has the shape",
        "{'class_name':'Sequential','config':{'layers':[{'class_name':'Dense','config':{'name':'d',"
            + "'units':1,'batch_input_shape':[null,9]}}]}}|pictures have",
        "{'class_name':'Functional','config':{'layers':[{'class_name':'ReLU','name':'r','config':{},"
            + "'inbound_nodes':[[['x',0,0,{}]]]}],'input_layers':[],'output_layers':[['r',0,0]]}}"
            + "|takes ['x'], which nothing computes",
      })
  void brokenModelsAreRefused(String config, String reason) {
    assertThatThrownBy(() -> graph(json(config), 2))
        .isInstanceOf(UserInputException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void severalInputsOrOutputsAreRefused() {
    JsonNode twoOutputs =
        json(
            """
            {'class_name':'Functional','config':{'layers':[
              {'class_name':'InputLayer','name':'i','config':{'batch_shape':[null,4,4,3]},
                'inbound_nodes':[]},
              {'class_name':'ReLU','name':'a','config':{},'inbound_nodes':[[['i',0,0,{}]]]},
              {'class_name':'ReLU','name':'b','config':{},'inbound_nodes':[[['i',0,0,{}]]]}],
              'input_layers':[['i',0,0]],'output_layers':{'x':['a',0,0],'y':['b',0,0]}}}
            """);
    assertThatThrownBy(() -> graph(twoOutputs, 2)).hasMessageContaining("2 outputs (a, b)");

    JsonNode twoInputs =
        json(
            """
            {'class_name':'Functional','config':{'layers':[
              {'class_name':'InputLayer','name':'i','config':{'batch_shape':[null,4,4,3]}},
              {'class_name':'InputLayer','name':'j','config':{'batch_shape':[null,4,4,3]}}],
              'input_layers':[['i',0,0],['j',0,0]],'output_layers':[['i',0,0]]}}
            """);
    assertThatThrownBy(() -> graph(twoInputs, 2)).hasMessageContaining("several inputs ('j'");
  }
}
