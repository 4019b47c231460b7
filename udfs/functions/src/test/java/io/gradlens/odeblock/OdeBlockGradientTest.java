package io.gradlens.odeblock;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradlens.model.NativeBackend;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/** Gradients of the layers against DL4J's own central differences, in double precision. */
class OdeBlockGradientTest {
  private static final int IMAGES = 3;
  private static final int SIDE = 5;
  private static final int CLASSES = 3;

  @BeforeAll
  static void configure() {
    NativeBackend.configure();
    // The check refuses to run otherwise.
    Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
  }

  @AfterAll
  static void reset() {
    Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
  }

  static MultiLayerNetwork network(int channels, Layer... layers) {
    var list =
        new NeuralNetConfiguration.Builder()
            .seed(5)
            .dataType(DataType.DOUBLE)
            .updater(new NoOp())
            .weightInit(WeightInit.NORMAL)
            .biasInit(0.1)
            .list()
            .layer(
                new ConvolutionLayer.Builder(2, 2)
                    .nOut(channels)
                    .activation(Activation.TANH)
                    .build());
    for (Layer layer : layers) {
      list.layer(layer);
    }
    MultiLayerConfiguration configuration =
        list.layer(new GlobalPoolingLayer.Builder(PoolingType.AVG).build())
            .layer(new OutputLayer.Builder().nOut(CLASSES).activation(Activation.SOFTMAX).build())
            .setInputType(InputType.convolutional(SIDE, SIDE, 2))
            .build();
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init();
    // Away from 1 and 0, at which scales and shifts begin.
    network.params().addi(Nd4j.rand(DataType.DOUBLE, network.params().shape()).muli(0.2));
    return network;
  }

  static INDArray images() {
    Nd4j.getRandom().setSeed(7);
    return Nd4j.randn(DataType.DOUBLE, IMAGES, 2, SIDE, SIDE);
  }

  static INDArray labels() {
    INDArray labels = Nd4j.zeros(DataType.DOUBLE, IMAGES, CLASSES);
    for (int i = 0; i < IMAGES; i++) {
      labels.putScalar(i, i % CLASSES, 1);
    }
    return labels;
  }

  private static boolean gradientsAreRight(MultiLayerNetwork network) {
    return GradientCheckUtil.checkGradients(
        new GradientCheckUtil.MLNConfig()
            .net(network)
            .epsilon(1e-6)
            .maxRelError(1e-4)
            .minAbsoluteError(1e-8)
            .input(images())
            .labels(labels()));
  }

  @Test
  void groupNormalisation() {
    assertThat(gradientsAreRight(network(4, new GroupNorm.Builder(2).build()))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"euler,1", "midpoint,2", "rk4,1", "dopri5,2", "bosh3,2"})
  void stepsOfOneSize(String solver, int steps) {
    OdeBlock block = new OdeBlock.Builder().solver(solver).steps(steps).build();
    assertThat(gradientsAreRight(network(4, block))).isTrue();
  }
}
