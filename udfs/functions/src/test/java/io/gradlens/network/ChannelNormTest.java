package io.gradlens.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradlens.model.NativeBackend;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class ChannelNormTest {
  private static final LayerWorkspaceMgr NO_WORKSPACES = LayerWorkspaceMgr.noWorkspaces();

  @BeforeEach
  void seed() {
    NativeBackend.configure();
    Nd4j.getRandom().setSeed(7);
  }

  private static ComputationGraph network(int channels, DataType type) {
    var graph =
        new NeuralNetConfiguration.Builder()
            .seed(3)
            .dataType(type)
            .updater(new Adam(1e-2))
            .graphBuilder()
            .addInputs("image")
            .setInputTypes(InputType.convolutional(7, 5, 2))
            .addLayer("conv", new ConvolutionLayer.Builder(1, 1).nOut(channels).build(), "image")
            .addLayer("norm", new BatchNormalization.Builder().eps(1e-3).build(), "conv")
            .addLayer(
                "loss",
                new CnnLossLayer.Builder(LossFunction.MSE).activation(Activation.TANH).build(),
                "norm")
            .setOutputs("loss");
    ComputationGraph network = new ComputationGraph(graph.build());
    network.init();
    network.initGradientsView();
    return network;
  }

  private static void assertClose(INDArray actual, INDArray expected, double tolerance) {
    assertThat(actual.shape()).isEqualTo(expected.shape());
    double largest = expected.amaxNumber().doubleValue();
    assertThat(actual.sub(expected).amaxNumber().doubleValue())
        .isLessThanOrEqualTo(tolerance * largest);
  }

  @ParameterizedTest
  @CsvSource({"1,1", "3,4", "64,16"})
  void layerComputesWhatDl4jComputes(int batch, int channels) {
    Layer plain = network(channels, DataType.FLOAT).getLayer("norm");
    ComputationGraph other = network(channels, DataType.FLOAT);
    ChannelNorm.into(other);
    Layer mine = other.getLayer("norm");
    assertThat(mine.getHelper()).isInstanceOf(ChannelNorm.class);
    assertThat(plain.getHelper()).isNotInstanceOf(ChannelNorm.class);
    INDArray x = Nd4j.randn(DataType.FLOAT, batch, channels, 7, 5).muli(3).addi(10);
    // Not in C order, as some layers pass it back.
    INDArray cotangent = Nd4j.randn(DataType.FLOAT, 7, 5, batch, channels).permute(2, 3, 0, 1);
    for (Layer layer : new Layer[] {plain, mine}) {
      layer.setParam("gamma", Nd4j.linspace(0.5, 2, channels, DataType.FLOAT).reshape(1, channels));
      layer.setParam(
          "beta", Nd4j.linspace(-1.0, 1.0, channels, DataType.FLOAT).reshape(1, channels));
    }

    assertClose(
        mine.activate(x, true, NO_WORKSPACES), plain.activate(x, true, NO_WORKSPACES), 1e-5);
    Pair<Gradient, INDArray> actual = mine.backpropGradient(cotangent, NO_WORKSPACES);
    Pair<Gradient, INDArray> expected = plain.backpropGradient(cotangent, NO_WORKSPACES);

    assertClose(actual.getSecond(), expected.getSecond(), 1e-4);
    expected
        .getFirst()
        .gradientForVariable()
        .forEach(
            (name, gradient) ->
                assertClose(actual.getFirst().getGradientFor(name), gradient, 1e-4));
  }

  @Test
  void networkLearnsTheSame() {
    ComputationGraph plain = network(6, DataType.FLOAT);
    ComputationGraph mine = network(6, DataType.FLOAT);
    ChannelNorm.into(mine);
    for (int batch : new int[] {8, 8, 5}) {
      INDArray[] input = {Nd4j.randn(DataType.FLOAT, batch, 2, 7, 5)};
      INDArray[] wanted = {Nd4j.rand(DataType.FLOAT, batch, 6, 7, 5)};
      plain.fit(input, wanted);
      mine.fit(input, wanted);
    }

    assertClose(mine.params(), plain.params(), 1e-4);
    INDArray x = Nd4j.randn(DataType.FLOAT, 3, 2, 7, 5);
    assertClose(mine.outputSingle(x), plain.outputSingle(x), 1e-4);
  }

  @Test
  void doublePrecisionIsLeftToDl4j() {
    ComputationGraph plain = network(6, DataType.DOUBLE);
    ComputationGraph mine = network(6, DataType.DOUBLE);
    ChannelNorm.into(mine);
    INDArray[] input = {Nd4j.randn(DataType.DOUBLE, 4, 2, 7, 5)};
    INDArray[] wanted = {Nd4j.rand(DataType.DOUBLE, 4, 6, 7, 5)};

    plain.fit(input, wanted);
    mine.fit(input, wanted);

    assertThat(mine.params()).isEqualTo(plain.params());
  }
}
