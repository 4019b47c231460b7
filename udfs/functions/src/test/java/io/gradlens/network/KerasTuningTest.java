package io.gradlens.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gradlens.RealData;
import io.gradlens.UserInputException;
import io.gradlens.model.ModelLoader;
import io.gradlens.model.Preprocessing;
import io.gradlens.model.Sizing;
import io.gradlens.model.StoredMetadata;
import io.gradlens.model.graph.InputShape;
import io.gradlens.model.graph.LayerGraph;
import io.gradlens.model.keras.TinyKeras;
import io.gradlens.model.layer.Activation;
import io.gradlens.model.layer.Conv2D;
import io.gradlens.model.layer.Dense;
import io.gradlens.model.layer.GlobalPool2D;
import io.gradlens.model.layer.Identity;
import io.gradlens.model.layer.Merge;
import io.gradlens.model.layer.Pool2D;
import io.gradlens.model.layer.Window;
import io.gradlens.network.keras.KerasClassifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** What a training step does to a network of Keras. */
class KerasTuningTest {
  private static final int BATCH = 8;
  private static final int CLASSES = 3;

  @TempDir private Path folder;

  private static NetworkPlan plan(InputShape input, List<Double> classWeights) {
    return new NetworkPlan(
        new StoredMetadata(
            input, Preprocessing.preset("unit"), Sizing.DEFAULT, List.of("a", "b", "c")),
        Map.of(),
        classWeights,
        Augmentation.NONE,
        new NetworkOptimizer("sgd", 0.1, 0, 0),
        new RateSchedule("constant", 1, 1, 0),
        TrainingMasters.AVERAGING,
        1,
        BATCH,
        1,
        1,
        0,
        4);
  }

  private static ComputationGraph network(Path file, String freezeTo) {
    NetworkSource source = NetworkSource.fineTuned(file, freezeTo);
    return source.network(plan(source.stored().input(), List.of()));
  }

  private static MultiDataSet batch(InputShape input) {
    Nd4j.getRandom().setSeed(7);
    INDArray pictures = Nd4j.rand(BATCH, input.channels(), input.height(), input.width());
    INDArray labels = Nd4j.zeros(BATCH, CLASSES);
    for (int i = 0; i < BATCH; i++) {
      labels.putScalar(i, i % CLASSES, 1);
      pictures.slice(i).addi(i % CLASSES);
    }
    return new MultiDataSet(pictures, labels);
  }

  /** With channels last, as DL4J's own import of Keras makes them. */
  private Path archiveWithChannelsLast() throws Exception {
    var layers =
        new NeuralNetConfiguration.Builder()
            .seed(5)
            .list()
            .layer(
                new ConvolutionLayer.Builder(5, 3)
                    .nOut(4)
                    .stride(2, 2)
                    .convolutionMode(ConvolutionMode.Same)
                    .dataFormat(CNN2DFormat.NHWC)
                    .build())
            .layer(new BatchNormalization.Builder().dataFormat(CNN2DFormat.NHWC).build())
            .layer(
                new SubsamplingLayer.Builder(2, 2)
                    .stride(2, 2)
                    .dataFormat(CNN2DFormat.NHWC)
                    .build())
            .layer(
                new OutputLayer.Builder()
                    .nOut(5)
                    .activation(org.nd4j.linalg.activations.Activation.SOFTMAX)
                    .build())
            .setInputType(InputType.convolutional(12, 8, 3, CNN2DFormat.NHWC))
            .build();
    MultiLayerNetwork network = new MultiLayerNetwork(layers);
    network.init();
    Path file = folder.resolve("last.zip");
    network.save(file.toFile());
    return file;
  }

  @Test
  void archiveWithChannelsLastIsTuned() throws Exception {
    Path file = archiveWithChannelsLast();
    MultiLayerNetwork before = MultiLayerNetwork.load(file.toFile(), false);
    INDArray pictures = Nd4j.rand(2, 12, 8, 3);
    ComputationGraph logits = KerasClassifier.of(ModelLoader.graph(file)).toLogits();

    INDArray probabilities =
        Transforms.softmax(logits.outputSingle(pictures.permute(0, 3, 1, 2).dup('c')));

    assertThat(probabilities.sub(before.output(pictures)).amaxNumber().doubleValue())
        .isLessThan(1e-5);
    NetworkSource source = NetworkSource.fineTuned(file, "0");
    InputShape input = new InputShape(12, 8, 3);
    ComputationGraph network = source.network(plan(input, List.of()));
    float[] frozen = values(network, "0", "W");
    float[] free = values(network, "1", "beta");
    network.fit(batch(input));
    assertThat(values(network, "0", "W")).isEqualTo(frozen);
    assertThat(values(network, "1", "beta")).isNotEqualTo(free);
    assertThat(network.outputSingle(pictures.permute(0, 3, 1, 2).dup('c')).shape())
        .containsExactly(2, CLASSES);
  }

  private static float[] values(ComputationGraph network, String layer, String parameter) {
    return network.getLayer(layer).getParam(parameter).dup('c').data().asFloat();
  }

  @Test
  void everythingLearnsUnlessItIsFrozen() {
    Path file = TinyKeras.write(folder.resolve("tiny.h5"));
    ComputationGraph network = network(file, null);
    ComputationGraph before = network(file, null);
    network.fit(batch(new InputShape(16, 16, 3)));

    for (String parameter : List.of("gamma", "beta", "mean", "var")) {
      assertThat(values(network, "bn1", parameter)).isNotEqualTo(values(before, "bn1", parameter));
    }
    for (String layer : List.of("conv1", "conv2", "features", "classes")) {
      assertThat(values(network, layer, "W")).isNotEqualTo(values(before, layer, "W"));
    }
  }

  @Test
  void movingAveragesKeepKerasMomentum() {
    Path file = TinyKeras.write(folder.resolve("tiny.h5"));
    ComputationGraph network = network(file, null);
    float[] before = values(network, "bn1", "mean");
    MultiDataSet batch = batch(new InputShape(16, 16, 3));
    INDArray maps =
        network.output(List.of("conv1"), false, batch.getFeatures(), null)[0].mean(0, 2, 3);

    network.fit(batch);

    float[] after = values(network, "bn1", "mean");
    for (int k = 0; k < after.length; k++) {
      float expected = 0.9f * before[k] + 0.1f * maps.getFloat(k);
      assertThat(after[k]).isCloseTo(expected, within(1e-5f));
    }
  }

  @Test
  void frozenLayersKeepWeightsAndMovingAverages() {
    Path file = TinyKeras.write(folder.resolve("tiny.h5"));
    ComputationGraph network = network(file, "flatten");
    ComputationGraph before = network(file, null);
    for (int i = 0; i < 3; i++) {
      network.fit(batch(new InputShape(16, 16, 3)));
    }

    for (String parameter : List.of("gamma", "beta", "mean", "var")) {
      assertThat(values(network, "bn1", parameter)).isEqualTo(values(before, "bn1", parameter));
    }
    assertThat(values(network, "conv2", "W")).isEqualTo(values(before, "conv2", "W"));
    assertThat(values(network, "features", "W")).isNotEqualTo(values(before, "features", "W"));
  }

  /** The slope of the loss along a layer's gradient, by central differences. */
  @ParameterizedTest(name = "{0} {1} {2}")
  @CsvSource({
    "mobilenet_v2_035_96.keras, Conv1, W",
    "mobilenet_v2_035_96.keras, bn_Conv1, gamma",
    "mobilenet_v2_035_96.keras, block_3_depthwise, W",
    "mobilenet_v2_035_96.keras, block_16_project_BN, gamma",
    "mobilenet_v2_035_96.keras, predictions, W",
    "nested.keras, backbone/inner_a, W",
    "sequential.keras, first, W",
    "functional.keras, first, W",
  })
  void gradientsAreTheSlopesOfTheLoss(String file, String layer, String parameter) {
    Path model = RealData.path("keras/" + file);
    ComputationGraph network = network(model, null);
    String name = layer.equals("first") ? firstWithWeights(network) : layer;
    InputShape input = NetworkSource.fineTuned(model, null).stored().input();
    MultiDataSet batch = batch(input);
    network.setInputs(batch.getFeatures());
    network.setLabels(batch.getLabels());
    Nd4j.getRandom().setSeed(3);
    network.computeGradientAndScore();
    INDArray gradient = network.gradient().getGradientFor(name + "_" + parameter).dup('c');
    // DL4J divides by the batch's size later.
    gradient.divi(BATCH);
    double norm = gradient.norm2Number().doubleValue();
    INDArray weights = network.getLayer(name).getParam(parameter);
    INDArray before = weights.dup('c');
    double step = Math.min(0.001 / norm, 0.01 * before.norm2Number().doubleValue());

    double[] losses = new double[2];
    for (int side = 0; side < 2; side++) {
      double along = (side == 0 ? -step : step) / norm;
      weights.assign(before.add(gradient.mul(along).reshape(before.shape())));
      Nd4j.getRandom().setSeed(3);
      losses[side] = network.score(batch, true);
    }

    double slope = (losses[1] - losses[0]) / (2 * step);
    assertThat(slope).isCloseTo(norm, within(0.05 * norm));
  }

  private static String firstWithWeights(ComputationGraph network) {
    for (int index : network.topologicalSortOrder()) {
      String name = network.getVertices()[index].getVertexName();
      if (network.getVertices()[index].hasLayer()
          && network.getLayer(name).paramTable().containsKey("W")) {
        return name;
      }
    }
    throw new AssertionError("no weights");
  }

  @Test
  void frozenMobileNetStaysAsItIs() {
    Path file = RealData.path("keras/mobilenet_v2_035_96.keras");
    ComputationGraph network = network(file, "block_8_add");
    ComputationGraph before = network(file, null);
    INDArray trunk = trunk(network);
    network.fit(batch(new InputShape(96, 96, 3)));

    assertThat(trunk(network)).isEqualTo(trunk);
    assertThat(values(network, "block_8_project_BN", "mean"))
        .isEqualTo(values(before, "block_8_project_BN", "mean"));
    assertThat(values(network, "block_9_project_BN", "mean"))
        .isNotEqualTo(values(before, "block_9_project_BN", "mean"));
    assertThat(values(network, "block_16_depthwise", "W"))
        .isNotEqualTo(values(before, "block_16_depthwise", "W"));
    assertThat(network.score()).isFinite();
  }

  private static INDArray trunk(ComputationGraph network) {
    INDArray[] pictures = batch(new InputShape(96, 96, 3)).getFeatures();
    return network.output(List.of("block_8_add"), false, pictures, null)[0];
  }

  /** DL4J's frozen activations overwrite their input, which others may read. */
  @Test
  void frozenBranchesDoNotDisturbEachOther() {
    LayerGraph.Builder graph = new LayerGraph.Builder();
    int in = graph.input("image", new InputShape(9, 8, 3));
    Conv2D conv = new Conv2D(Nd4j.randn(3, 3, 3, 4), null, Window.of(3, 3, 1, 1, true), 1);
    int a = graph.layer("a", "Conv2D", new int[] {in}, List.of(conv));
    int idle = graph.layer("idle", "Dropout", new int[] {a}, List.of(new Identity()));
    int relu = graph.layer("relu", "ReLU", new int[] {idle}, List.of(Activation.relu()));
    int sum = graph.layer("sum", "Add", new int[] {relu, a}, List.of(new Merge(Merge.Kind.ADD)));
    GlobalPool2D mean = new GlobalPool2D(Pool2D.Kind.AVERAGE, false);
    int pooled = graph.layer("pooled", "GlobalAveragePooling2D", new int[] {sum}, List.of(mean));
    Dense dense = new Dense(Nd4j.randn(4, 2), null);
    int logits = graph.layer("classes", "Dense", new int[] {pooled}, List.of(dense));
    KerasClassifier classifier = KerasClassifier.of(graph.build(logits));
    MultiDataSet batch = batch(new InputShape(9, 8, 3));

    double[] losses = new double[2];
    for (int frozen = 0; frozen < 2; frozen++) {
      ComputationGraph network =
          TrainedBefore.withOptimizer(
              classifier.withClasses(CLASSES, 1),
              plan(new InputShape(9, 8, 3), List.of()),
              frozen == 1 ? "sum" : null);
      losses[frozen] = network.score(batch, true);
    }

    assertThat(losses[1]).isCloseTo(losses[0], within(1e-6));
  }

  @Test
  void classWeightsGoWithConvolutionsAsClassifiers() {
    Path file = RealData.path("models/squeezenet_v1.0_imagenet.h5");
    NetworkSource source = NetworkSource.fineTuned(file, null);

    ComputationGraph network =
        source.network(plan(new InputShape(64, 64, 3), List.of(1.0, 2.0, 3.0)));
    network.fit(batch(new InputShape(64, 64, 3)));

    assertThat(network.score()).isFinite();
  }

  @Test
  void layersToFreezeAreNamed() throws Exception {
    Path file = TinyKeras.write(folder.resolve("tiny.h5"));

    assertThatThrownBy(() -> NetworkSource.fineTuned(file, "conv9"))
        .isInstanceOf(UserInputException.class)
        .hasMessageContaining("conv9")
        .hasMessageContaining("rescaling, conv1, bn1, relu1, pool1, conv2, flatten, features");
    assertThatThrownBy(() -> NetworkSource.fineTuned(file, "classes"))
        .hasMessageContaining("nothing would be left to learn");
    Path damaged = Files.write(folder.resolve("bad.h5"), new byte[] {(byte) 0x89, 'H', 'D', 'F'});
    assertThatThrownBy(() -> NetworkSource.fineTuned(damaged, null))
        .isInstanceOf(UserInputException.class)
        .hasMessageContaining("Cannot fine-tune " + damaged);
  }
}
