package io.gradlens.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradlens.model.NativeBackend;
import java.lang.reflect.Field;
import java.util.concurrent.atomic.AtomicInteger;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNConvHelper;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class ConvolutionOutputsTest {

  @BeforeEach
  void prepare() {
    NativeBackend.configure();
  }

  /** Three convolutions: linear, ReLU with dropout behind it, and tanh. */
  private static ComputationGraph network(IDropout dropout) {
    var graph =
        new NeuralNetConfiguration.Builder()
            .seed(3)
            .updater(new Adam(1e-2))
            .graphBuilder()
            .addInputs("image")
            .setInputTypes(InputType.convolutional(8, 6, 3))
            .addLayer("linear", convolution(Activation.IDENTITY), "image")
            .addLayer("relu", new ActivationLayer(Activation.RELU), "linear")
            .addLayer("rectified", convolution(Activation.RELU), "relu")
            .addLayer("dropout", new DropoutLayer(dropout), "rectified")
            .addLayer("bent", convolution(Activation.TANH), "dropout")
            .addLayer(
                "classes",
                new OutputLayer.Builder(LossFunction.MCXENT)
                    .nOut(4)
                    .activation(Activation.SOFTMAX)
                    .build(),
                "bent")
            .setOutputs("classes");
    ComputationGraph network = new ComputationGraph(graph.build());
    network.init();
    return network;
  }

  private static ConvolutionLayer convolution(Activation activation) {
    return new ConvolutionLayer.Builder(3, 3)
        .nOut(5)
        .convolutionMode(ConvolutionMode.Same)
        .activation(activation)
        .build();
  }

  /** Four steps, with the same random numbers for every network. */
  private static void learn(ComputationGraph network) {
    Nd4j.getRandom().setSeed(11);
    for (int step = 0; step < 4; step++) {
      INDArray[] images = {Nd4j.randn(DataType.FLOAT, 6, 3, 8, 6)};
      INDArray[] labels = {Nd4j.zeros(DataType.FLOAT, 6, 4)};
      for (int i = 0; i < 6; i++) {
        labels[0].putScalar(i, (i + step) % 4, 1);
      }
      network.fit(images, labels);
    }
  }

  static IDropout[] dropouts() {
    return new IDropout[] {new Dropout(0.6), new GaussianNoise(0.5)};
  }

  @ParameterizedTest
  @MethodSource("dropouts")
  void weightsAreTheSameToTheBit(IDropout dropout) {
    ComputationGraph plain = network(dropout);
    ComputationGraph mine = network(dropout);
    ConvolutionOutputs.into(mine);

    learn(plain);
    learn(mine);

    assertThat(mine.params()).isEqualTo(plain.params());
  }

  @ParameterizedTest
  @ValueSource(strings = {"linear", "rectified"})
  void convolutionIsComputedOnceAStep(String name) throws Exception {
    ComputationGraph network = network(new Dropout(0.6));
    AtomicInteger plain = countForward(network, name);
    learn(network);
    assertThat(plain).hasValue(8);

    ConvolutionOutputs.into(network);
    ConvolutionOutputs.into(network);
    AtomicInteger once = countForward(network, name);
    learn(network);

    assertThat(once).hasValue(4);
    assertThat(network.getListeners()).hasSize(1);
  }

  @Test
  void otherActivationsGetTheirArgument() throws Exception {
    ComputationGraph network = network(new Dropout(0.6));
    ConvolutionOutputs.into(network);
    AtomicInteger computed = countForward(network, "bent");

    learn(network);

    assertThat(computed).hasValue(8);
  }

  private static AtomicInteger countForward(ComputationGraph network, String name)
      throws ReflectiveOperationException {
    AtomicInteger count = new AtomicInteger();
    Field helper =
        org.deeplearning4j.nn.layers.convolution.ConvolutionLayer.class.getDeclaredField("helper");
    helper.setAccessible(true);
    helper.set(
        network.getLayer(name),
        new MKLDNNConvHelper(DataType.FLOAT) {
          @Override
          public INDArray preOutput(
              INDArray input,
              INDArray weights,
              INDArray bias,
              int[] kernel,
              int[] strides,
              int[] pad,
              ConvolutionLayer.AlgoMode mode,
              ConvolutionLayer.FwdAlgo algorithm,
              ConvolutionMode convolutionMode,
              int[] dilation,
              CNN2DFormat format,
              LayerWorkspaceMgr workspaceMgr) {
            count.incrementAndGet();
            return super.preOutput(
                input,
                weights,
                bias,
                kernel,
                strides,
                pad,
                mode,
                algorithm,
                convolutionMode,
                dilation,
                format,
                workspaceMgr);
          }
        });
    return count;
  }
}
