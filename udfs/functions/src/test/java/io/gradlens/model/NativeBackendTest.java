package io.gradlens.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

class NativeBackendTest {

  private static final String PROPERTY = "org.eclipse.deeplearning4j.helpers.disable";

  @AfterEach
  void helpersOn() {
    System.clearProperty(PROPERTY);
    NativeBackend.configure();
  }

  @Test
  void configureGivesConvolutionsTheOneDnnHelper() {
    System.clearProperty(PROPERTY);
    NativeBackend.configure();
    MultiLayerNetwork net = network();
    net.output(pictures());
    assertThat(net.getLayer(0).getHelper()).isNotNull();
    assertThat(Nd4j.getEnvironment().maxMasterThreads()).isEqualTo(1);
  }

  @Test
  void configureLeavesTheUsersChoiceAlone() {
    System.setProperty(PROPERTY, "true");
    NativeBackend.configure();
    MultiLayerNetwork net = network();
    net.output(pictures());
    assertThat(net.getLayer(0).getHelper()).isNull();
  }

  @Test
  void outputAndGradientAgreeWithAndWithoutHelpers() {
    System.setProperty(PROPERTY, "true");
    MultiLayerNetwork plain = network();
    System.setProperty(PROPERTY, "false");
    MultiLayerNetwork helped = network();
    helped.setParams(plain.params().dup());

    assertClose(helped.output(pictures()), plain.output(pictures()), 1e-6);
    DataSet batch = new DataSet(pictures(), Nd4j.eye(4).castTo(DataType.FLOAT));
    assertClose(gradient(helped, batch), gradient(plain, batch), 1e-5);
  }

  private static INDArray gradient(MultiLayerNetwork net, DataSet batch) {
    net.setInput(batch.getFeatures());
    net.setLabels(batch.getLabels());
    net.computeGradientAndScore();
    return net.gradient().gradient();
  }

  private static void assertClose(INDArray actual, INDArray expected, double tolerance) {
    assertThat(expected.maxNumber().doubleValue()).isPositive();
    assertThat(actual.sub(expected).amaxNumber().doubleValue())
        .isCloseTo(0, within(tolerance * expected.amaxNumber().doubleValue()));
  }

  private static INDArray pictures() {
    Nd4j.getRandom().setSeed(11);
    return Nd4j.rand(DataType.FLOAT, 4, 3, 16, 16);
  }

  private static MultiLayerNetwork network() {
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(7)
                .convolutionMode(ConvolutionMode.Same)
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(8).stride(2, 2).build())
                .layer(new BatchNormalization())
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(8).build())
                .layer(new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build())
                .layer(new GlobalPoolingLayer())
                .layer(new OutputLayer.Builder().nOut(4).activation(Activation.SOFTMAX).build())
                .setInputType(InputType.convolutional(16, 16, 3))
                .build());
    net.init();
    return net;
  }
}
