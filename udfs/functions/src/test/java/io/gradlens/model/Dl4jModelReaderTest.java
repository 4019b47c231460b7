package io.gradlens.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gradlens.UserInputException;
import io.gradlens.model.graph.InputShape;
import io.gradlens.model.graph.LayerInfo;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Networks that DL4J wrote give the logits and gradients that DL4J itself computes. */
class Dl4jModelReaderTest {
  @TempDir Path folder;

  @BeforeAll
  static void configure() {
    NativeBackend.configure();
  }

  private NetworkModel saved(Model network) throws IOException {
    File file = folder.resolve("model.zip").toFile();
    ModelSerializer.writeModel(network, file, false);
    return (NetworkModel) ModelLoader.load(file.toPath());
  }

  private static ConvolutionLayer conv(int kernel, int out) {
    return new ConvolutionLayer.Builder(kernel, kernel)
        .nOut(out)
        .activation(Activation.RELU)
        .build();
  }

  private static SubsamplingLayer pool(PoolingType type) {
    return new SubsamplingLayer.Builder(type).kernelSize(2, 2).stride(2, 2).build();
  }

  private static MultiLayerNetwork lenet() {
    MultiLayerConfiguration configuration =
        new NeuralNetConfiguration.Builder()
            .seed(1)
            .list()
            .layer(conv(5, 6))
            .layer(pool(PoolingType.MAX))
            .layer(conv(5, 8))
            .layer(pool(PoolingType.AVG))
            .layer(new DenseLayer.Builder().nOut(20).activation(Activation.TANH).build())
            .layer(new OutputLayer.Builder().nOut(10).activation(Activation.SOFTMAX).build())
            .setInputType(InputType.convolutional(28, 28, 1))
            .build();
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init();
    return network;
  }

  @Test
  void aMultiLayerNetworkGivesDl4jsProbabilities() throws IOException {
    MultiLayerNetwork network = lenet();
    NetworkModel model = saved(network);
    assertThat(model.input()).isEqualTo(new InputShape(28, 28, 1));
    assertThat(model.layers().stream().mapToLong(LayerInfo::parameters).sum())
        .isEqualTo(network.numParams());
    float[] images = Networks.pictures(1, 4, 28 * 28);
    assertProbabilities(model, images, 28, 28, network.output(channelsFirst(images, 28, 28, 1)));
  }

  @Test
  void aFlatInputIsAPicture() throws IOException {
    MultiLayerConfiguration configuration =
        new NeuralNetConfiguration.Builder()
            .seed(1)
            .list()
            .layer(conv(3, 4))
            .layer(new OutputLayer.Builder().nOut(3).activation(Activation.SOFTMAX).build())
            .setInputType(InputType.convolutionalFlat(8, 6, 2))
            .build();
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init();
    NetworkModel model = saved(network);
    assertThat(model.input()).isEqualTo(new InputShape(8, 6, 2));
    float[] images = Networks.pictures(1, 4, 8 * 6 * 2);
    INDArray flat = channelsFirst(images, 8, 6, 2).reshape('c', 4, 96);
    assertProbabilities(model, images, 8, 6, network.output(flat));
  }

  @Test
  void channelsMayComeLast() throws IOException {
    MultiLayerConfiguration configuration =
        new NeuralNetConfiguration.Builder()
            .seed(1)
            .convolutionMode(ConvolutionMode.Same)
            .list()
            .layer(new ConvolutionLayer.Builder(5, 3).nOut(4).stride(2, 1).build())
            .layer(new BatchNormalization())
            .layer(new DepthwiseConvolution2D.Builder(3, 3).depthMultiplier(2).build())
            .layer(new SeparableConvolution2D.Builder(5, 3).nOut(6).depthMultiplier(2).build())
            .layer(pool(PoolingType.MAX))
            .layer(new DenseLayer.Builder().nOut(7).activation(Activation.TANH).build())
            .layer(new OutputLayer.Builder().nOut(3).activation(Activation.SOFTMAX).build())
            .setInputType(InputType.convolutional(12, 8, 3, CNN2DFormat.NHWC))
            .build();
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init();
    network.getLayer(1).getParam("mean").assign(Nd4j.rand(1, 4));
    network.getLayer(1).getParam("log10stdev").assign(Nd4j.rand(1, 4).subi(0.5));
    NetworkModel model = saved(network);
    assertThat(model.input()).isEqualTo(new InputShape(12, 8, 3));
    float[] images = Networks.pictures(1, 4, 12 * 8 * 3);
    INDArray batch = Nd4j.create(images, new long[] {4, 12, 8, 3}, 'c');
    assertProbabilities(model, images, 12, 8, network.output(batch));
  }

  private static ComputationGraph graph() {
    ComputationGraphConfiguration configuration =
        new NeuralNetConfiguration.Builder()
            .seed(2)
            .convolutionMode(ConvolutionMode.Same)
            .graphBuilder()
            .addInputs("in")
            .setInputTypes(InputType.convolutional(16, 12, 3))
            .addLayer("pad", new ZeroPaddingLayer(1, 0, 2, 1), "in")
            .addLayer("crop", new Cropping2D(1, 0, 2, 1), "pad")
            .addLayer("conv", conv(3, 8), "crop")
            .addLayer("bn", new BatchNormalization.Builder().useLogStd(false).build(), "conv")
            .addLayer("logstd", new BatchNormalization.Builder().useLogStd(true).build(), "bn")
            .addLayer(
                "prelu",
                new PReLULayer.Builder().inputShape(8, 16, 12).sharedAxes(2, 3).build(),
                "logstd")
            .addLayer(
                "sep",
                new SeparableConvolution2D.Builder(3, 3).nOut(8).depthMultiplier(2).build(),
                "prelu")
            .addLayer(
                "dw", new DepthwiseConvolution2D.Builder(3, 3).depthMultiplier(2).build(), "sep")
            .addLayer(
                "narrow",
                new ConvolutionLayer.Builder(1, 1).nOut(8).activation(Activation.LEAKYRELU).build(),
                "dw")
            .addVertex("add", new ElementWiseVertex(ElementWiseVertex.Op.Add), "narrow", "bn")
            .addLayer("act", new ActivationLayer(Activation.ELU), "add")
            .addLayer("pool", pool(PoolingType.MAX), "act")
            .addLayer("up", new Upsampling2D.Builder(2).build(), "pool")
            .addVertex("merge", new MergeVertex(), "up", "act")
            .addLayer("drop", new DropoutLayer(0.5), "merge")
            .addLayer(
                "strided",
                new ConvolutionLayer.Builder(3, 3)
                    .nOut(6)
                    .stride(2, 2)
                    .activation(Activation.SWISH)
                    .build(),
                "drop")
            .addLayer("gap", new GlobalPoolingLayer(PoolingType.AVG), "strided")
            .addLayer("dense", new DenseLayer.Builder().nOut(4).build(), "gap")
            .addLayer(
                "out", new LossLayer.Builder().activation(Activation.SOFTMAX).build(), "dense")
            .setOutputs("out")
            .build();
    ComputationGraph network = new ComputationGraph(configuration);
    network.init();
    // Moving averages are 0 and 1 at first: give them something to do.
    for (String layer : List.of("bn", "logstd")) {
      network.getLayer(layer).getParam("mean").assign(Nd4j.rand(1, 8));
    }
    network.getLayer("bn").getParam("var").assign(Nd4j.rand(1, 8).addi(0.5));
    network.getLayer("logstd").getParam("log10stdev").assign(Nd4j.rand(1, 8).subi(0.5));
    return network;
  }

  @Test
  void aGraphGivesDl4jsProbabilities() throws IOException {
    ComputationGraph network = graph();
    NetworkModel model = saved(network);
    assertThat(model.input()).isEqualTo(new InputShape(-1, -1, 3));
    assertThat(model.autoLayer()).isEqualTo("strided");
    float[] images = Networks.pictures(1, 4, 16 * 12 * 3);
    INDArray expected = network.output(channelsFirst(images, 16, 12, 3))[0];
    assertActivations(model, images, network);
    assertProbabilities(model, images, 16, 12, expected);
  }

  private static void assertActivations(
      NetworkModel model, float[] images, ComputationGraph network) {
    var expected = network.feedForward(channelsFirst(images, 16, 12, 3), false);
    for (LayerInfo layer : model.layers()) {
      // DL4J's activation layers write over their inputs.
      if (!layer.isSpatial() || List.of("logstd", "add").contains(layer.name())) {
        continue;
      }
      try (Trace trace = model.forward(images, 16, 12, List.of(layer.name()))) {
        float[] map = expected.get(layer.name()).slice(1).dup('c').data().asFloat();
        assertThat(trace.activation(layer.name()).values()[1])
            .as(layer.name())
            .containsExactly(map, within(1e-5f));
      }
    }
  }

  @Test
  void storedPreprocessingNamesAndInputSizeAreRead() throws IOException {
    File file = folder.resolve("model.zip").toFile();
    ModelSerializer.writeModel(graph(), file, false);
    try (FileSystem zip = FileSystems.newFileSystem(file.toPath())) {
      Files.writeString(
          zip.getPath("gradlens.json"),
          """
          {"input": {"height": 16, "width": 12, "channels": 3},
           "preprocessing": {"channelOrder": "BGR", "scale": 0.5, "mean": [1, 2, 3], "std": [4]},
           "classNames": ["a", "b", "c", "d"]}
          """);
    }
    ProbedModel model = ModelLoader.load(file.toPath());
    assertThat(model.input()).isEqualTo(new InputShape(16, 12, 3));
    assertThat(model.classNames()).contains(List.of("a", "b", "c", "d"));
    assertThat(model.preprocessing())
        .contains(
            new Preprocessing(
                Preprocessing.ChannelOrder.BGR, 0.5, List.of(1.0, 2.0, 3.0), List.of(4.0)));
  }

  @Test
  void whatCannotBeReadIsRefusedInOneLine() throws IOException {
    MultiLayerConfiguration configuration =
        new NeuralNetConfiguration.Builder()
            .list()
            .layer(new Convolution3D.Builder(2, 2, 2).nOut(2).build())
            .layer(new OutputLayer.Builder().nOut(2).activation(Activation.SOFTMAX).build())
            .setInputType(InputType.convolutional3D(4, 4, 4, 1))
            .build();
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init();
    assertThatThrownBy(() -> saved(network))
        .isInstanceOf(UserInputException.class)
        .hasMessageContaining("Convolution3D")
        .hasMessageContaining("supported are")
        .message()
        .satisfies(m -> assertThat(m.lines()).hasSize(1));
    Path damaged = folder.resolve("damaged.zip");
    try (FileSystem zip = FileSystems.newFileSystem(damaged, java.util.Map.of("create", "true"))) {
      Files.writeString(zip.getPath("configuration.json"), "{", StandardCharsets.UTF_8);
      Files.write(zip.getPath("coefficients.bin"), new byte[] {1, 2, 3});
    }
    assertThatThrownBy(() -> ModelLoader.load(damaged))
        .isInstanceOf(UserInputException.class)
        .hasMessageContaining("damaged.zip")
        .message()
        .satisfies(m -> assertThat(m.lines()).hasSize(1));
  }

  private static void assertProbabilities(
      NetworkModel model, float[] images, int height, int width, INDArray expected) {
    try (Trace trace = model.forward(images, height, width, List.of(model.autoLayer()))) {
      float[][] p = trace.probabilities();
      for (int i = 0; i < p.length; i++) {
        assertThat(p[i]).containsExactly(expected.getRow(i).toFloatVector(), within(1e-5f));
      }
    }
  }

  private static INDArray channelsFirst(float[] images, int height, int width, int channels) {
    long n = images.length / ((long) height * width * channels);
    return Nd4j.create(images, new long[] {n, height, width, channels}, 'c')
        .permute(0, 3, 1, 2)
        .castTo(DataType.FLOAT)
        .dup('c');
  }
}
