package io.gradlens.model.keras;

import static io.gradlens.model.keras.KerasConfiguration.json;
import static io.gradlens.model.keras.KerasNetwork.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.gradlens.UserInputException;
import io.gradlens.model.graph.InputShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Arithmetic without a layer around it, as the three ways of writing it down have it. */
class KerasOperationsTest {
  private static final String TENSOR =
      "{'class_name':'__keras_tensor__','config':{'keras_history':['i',0,0]}}";

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "math.truediv|['i',0,0,{'y':[2.0,4.0],'name':null}]|3 2",
        "math.multiply|['i',0,0,{'y':0.5,'name':null}]|3 4",
        "math.multiply|['i',0,0,{'y':['i',0,0],'name':null}]|36 64",
        "math.subtract|['i',0,0,{'y':1.0}]|5 7",
        "math.subtract|['_CONSTANT_VALUE',-1,1.0,{'y':['i',0,0]}]|-5 -7",
        "__operators__.add|['i',0,0,{'y':3.0,'name':null}]|9 11",
        "nn.relu6|['i',0,0,{'name':null}]|6 6",
        "nn.silu|['i',0,0,{'beta':1.0}]|5.9851644 7.9973171"
      })
  void tensorFlowFunctionsOfKeras2(String function, String call, String expected) {
    String entry =
        "'class_name':'TFOpLambda','config':{'name':'op','trainable':true,'function':'%s'},"
            + "'inbound_nodes':[%s]";
    assertThat(run(network(entry.formatted(function, call)), 2, shape(), 6, 8))
        .containsExactly(numbers(expected), within(1e-5f));
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({"AddV2,9,11", "Mul,18,24", "RealDiv,2,2.6666667", "Sub,3,5"})
  void tensorFlowNodesOfEarlierKeras2(String op, float a, float b) {
    String entry =
        "'class_name':'TensorFlowOpLayer','config':{'name':'op','trainable':true,"
            + "'node_def':{'name':'op','op':'%s'},'constants':{'1':3.0}},"
            + "'inbound_nodes':[[['i',0,0,{}]]]";
    assertThat(run(network(entry.formatted(op)), 2, shape(), 6, 8))
        .containsExactly(new float[] {a, b}, within(1e-6f));
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "Add|T,3.0|9 11",
        "Add|3.0,T|9 11",
        "Multiply|T,0.5|3 4",
        "Multiply|T,T|36 64",
        "Subtract|10.0,T|4 2",
        "TrueDivide|T,[2.0,4.0]|3 2",
        "Divide|T,2.0|3 4",
        "Relu6|T|6 6",
        "Silu|T|5.9851644 7.9973171"
      })
  void operationsOfKeras3WithAndWithoutTheirModule(String op, String args, String expected) {
    String entry =
        "'class_name':'%s','config':{'name':'op'},'inbound_nodes':[{'args':[%s],'kwargs':{}}]"
            .formatted(op, args.replace("T", TENSOR));
    float[] result = numbers(expected);
    assertThat(run(network(entry), 3, shape(), 6, 8)).containsExactly(result, within(1e-5f));
    String inArchive = "'module':'keras.src.ops.numpy'," + entry;
    assertThat(run(network(inArchive), 3, shape(), 6, 8)).containsExactly(result, within(1e-5f));
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "GetItem|T|is the bare operation 'getitem'",
        "Divide|1.0,T|divides a constant by a tensor",
        "Divide|T,T|divides one tensor by another",
        "Add|T,[1.0,2.0,3.0]|has 3 values for 2 channels"
      })
  void otherOperationsAreRefused(String op, String args, String reason) {
    String entry =
        "'class_name':'%s','config':{'name':'op'},'inbound_nodes':[{'args':[%s],'kwargs':{}}]"
            .formatted(op, args.replace("T", TENSOR));
    String marked = "'module':'keras.src.ops.numpy'," + entry;
    assertThatThrownBy(() -> run(network(marked), 3, shape(), 6, 8))
        .isInstanceOf(UserInputException.class)
        .hasMessageContaining("Layer 'op' (" + op + ") " + reason);
  }

  @Test
  void constantsBesideALayersTensorsAreRefused() {
    String entry =
        "'class_name':'Maximum','config':{'name':'op'},'inbound_nodes':[{'args':[%s,0.0]}]"
            .formatted(TENSOR);
    assertThatThrownBy(() -> run(network(entry), 3, shape(), 6, 8))
        .hasMessageContaining("Layer 'op' (Maximum) takes a constant beside its tensors");
  }

  private static JsonNode network(String entry) {
    return json(
        """
        {'class_name':'Functional','config':{'layers':[
          {'class_name':'InputLayer','name':'i','config':{'batch_shape':[null,1,1,2]},
            'inbound_nodes':[]},
          {'name':'op',%s},
          {'class_name':'Flatten','name':'f','config':{'trainable':true},
            'inbound_nodes':[[['op',0,0,{}]]]}],
          'input_layers':[['i',0,0]],'output_layers':[['f',0,0]]}}
        """
            .formatted(entry));
  }

  private static InputShape shape() {
    return new InputShape(1, 1, 2);
  }

  private static float[] numbers(String text) {
    String[] parts = text.split(" ");
    float[] values = new float[parts.length];
    for (int i = 0; i < parts.length; i++) {
      values[i] = Float.parseFloat(parts[i]);
    }
    return values;
  }
}
