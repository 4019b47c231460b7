package io.gradlens.model.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradlens.RealData;
import io.gradlens.UserInputException;
import io.gradlens.model.HeadActivation;
import io.gradlens.model.ModelLoader;
import io.gradlens.model.NativeBackend;
import io.gradlens.model.Networks;
import io.gradlens.model.ProbedModel;
import io.gradlens.model.StoredMetadata;
import io.gradlens.model.Trace;
import io.gradlens.model.graph.InputShape;
import io.gradlens.model.graph.LayerGraph;
import io.gradlens.model.graph.LayerInfo;
import io.gradlens.network.keras.KerasClassifier;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Networks of Keras, made DL4J's, give the logits that they gave before. */
class KerasConversionTest {
  private static final InputShape MAP = new InputShape(9, 8, 3);

  @TempDir private Path folder;

  @BeforeAll
  static void configure() {
    NativeBackend.configure();
  }

  /** He-scaled kernels, positive vectors. */
  private static KerasWeights seeded() {
    return (layer, index, shape) -> {
      Random random = new Random(31L * layer.name().hashCode() + index);
      int length = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
      double fanIn = shape.length < 2 ? 1 : length / (double) shape[shape.length - 1];
      float[] values = new float[length];
      for (int i = 0; i < length; i++) {
        values[i] =
            shape.length < 2
                ? 0.5f + random.nextFloat()
                : (float) (random.nextGaussian() * Math.sqrt(2 / fanIn));
      }
      return Nd4j.create(values, shape, 'c');
    };
  }

  /** A layer on a map, flattened, and a dense one of four classes behind it. */
  private static LayerGraph withLayer(int generation, String kind, String settings) {
    KerasConfiguration net = new KerasConfiguration(generation);
    String input = net.input(MAP.height(), MAP.width(), MAP.channels());
    String first = net.add("Conv2D", "conv", "'filters':4,'kernel_size':[3,3]", input);
    String flat = net.add("Flatten", "flatten", "", net.add(kind, "layer", settings, first));
    net.add("Dense", "classes", "'units':4,'activation':'softmax'", flat);
    return graph(net, generation);
  }

  private static LayerGraph graph(KerasConfiguration net, int generation) {
    return KerasGraph.build(KerasModel.parse(net.build("net"), generation), seeded());
  }

  private static float[] noise(InputShape shape, int count) {
    float[] values = new float[count * shape.height() * shape.width() * shape.channels()];
    Random random = new Random(3);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float[][] logits(ProbedModel model, float[] images, InputShape shape) {
    try (Trace trace = model.forward(images, shape.height(), shape.width(), List.of())) {
      return trace.logits();
    }
  }

  private static INDArray channelsFirst(float[] images, InputShape shape) {
    long size = (long) shape.height() * shape.width() * shape.channels();
    return Nd4j.create(
            images,
            new long[] {images.length / size, shape.height(), shape.width(), shape.channels()},
            'c')
        .permute(0, 3, 1, 2)
        .dup('c');
  }

  private static void assertSame(INDArray actual, float[][] expected, boolean isBinary) {
    float[][] rows = actual.toFloatMatrix();
    assertThat(rows).hasDimensions(expected.length, isBinary ? 1 : expected[0].length);
    for (int n = 0; n < rows.length; n++) {
      float[] logits = isBinary ? new float[] {expected[n][1]} : expected[n];
      float largest = 0;
      for (float logit : logits) {
        largest = Math.max(largest, Math.abs(logit));
      }
      assertThat(rows[n]).containsExactly(logits, within(1e-4f * largest));
    }
  }

  private static void assertConverted(LayerGraph graph, InputShape shape) {
    KerasClassifier classifier = KerasClassifier.of(graph);
    float[] images = noise(shape, 2);
    try (ProbedModel model = Networks.model(graph)) {
      boolean isBinary = model.headActivation() == HeadActivation.BINARY_SIGMOID;
      INDArray actual = classifier.toLogits().outputSingle(channelsFirst(images, shape));
      assertSame(actual, logits(model, images, shape), isBinary);
    }
  }

  /** What DL4J reads from an archive of a network for three classes is the same to explain. */
  private void assertExplainedAlike(LayerGraph graph, InputShape shape) throws IOException {
    ComputationGraph network = KerasClassifier.of(graph).withClasses(3, 1);
    Path archive = folder.resolve("model.zip");
    ModelSerializer.writeModel(network, archive.toFile(), false);
    try (FileSystem zip = FileSystems.newFileSystem(archive)) {
      StoredMetadata stored = new StoredMetadata(shape, null, null, null);
      Files.writeString(zip.getPath(StoredMetadata.ENTRY), stored.toJson().toString());
    }
    float[] images = noise(shape, 2);
    try (ProbedModel read = ModelLoader.load(archive)) {
      INDArray probabilities = network.outputSingle(channelsFirst(images, shape));
      try (Trace trace = read.forward(images, shape.height(), shape.width(), List.of())) {
        float[][] expected = trace.probabilities();
        assertThat(probabilities.toFloatMatrix()[1]).containsExactly(expected[1], within(1e-5f));
      }
      int classes = graph.nodes().get(graph.output()).shape()[0];
      assertThat(read.autoLayer()).isEqualTo(Networks.autoLayer(graph, classes));
      assertThat(read.layers().stream().map(LayerInfo::name).toList())
          .containsAll(
              graph.layers().stream()
                  .map(LayerInfo::name)
                  .filter(name -> !name.equals("softmax"))
                  .toList());
    }
  }

  @ParameterizedTest(name = "Keras {0} {1} {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "3|Conv2D|'filters':5,'kernel_size':[3,2],'strides':[2,3],'padding':'same','activation':'relu'",
        "3|Conv2D|'filters':5,'kernel_size':[3,3],'strides':[2,2],'use_bias':false",
        "3|Conv2D|'filters':5,'kernel_size':[1,1],'strides':[2,2],'padding':'same'",
        "3|Conv2D|'filters':5,'kernel_size':[2,2],'dilation_rate':[2,2]",
        "3|Conv2D|'filters':5,'kernel_size':[3,3],'dilation_rate':[2,2],'padding':'same'",
        "3|DepthwiseConv2D|'kernel_size':[3,3],'depth_multiplier':2,'padding':'same','activation':'gelu'",
        "3|DepthwiseConv2D|'kernel_size':[3,3],'strides':[2,2],'padding':'same','use_bias':false",
        "2|SeparableConv2D|'filters':6,'kernel_size':[3,3],'padding':'same','activation':'elu'",
        "3|Dense|'units':5,'activation':'tanh'",
        "3|BatchNormalization|'axis':-1,'epsilon':0.01",
        "2|BatchNormalization|'axis':[3],'scale':false",
        "2|BatchNormalization|'axis':[3],'center':false",
        "2|BatchNormalization|'axis':[3],'center':false,'scale':false",
        "3|Rescaling|'scale':0.5,'offset':-1.0",
        "3|Normalization|'axis':-1,'mean':[1.0,2.0,3.0,4.0],'variance':[1.0,4.0,9.0,2.0]",
        "3|MaxPooling2D|'pool_size':[2,2]",
        "3|MaxPooling2D|'pool_size':[3,3],'strides':[2,2],'padding':'same'",
        "3|AveragePooling2D|'pool_size':[3,3],'strides':[2,2],'padding':'same'",
        "3|AveragePooling2D|'pool_size':[2,3]",
        "3|GlobalAveragePooling2D|'keepdims':true",
        "3|GlobalMaxPooling2D|'keepdims':false",
        "3|ZeroPadding2D|'padding':[[1,2],[0,3]]",
        "3|Cropping2D|'cropping':[[1,2],[0,3]]",
        "3|UpSampling2D|'size':[2,3],'interpolation':'nearest'",
        "3|ReLU|'max_value':6.0,'negative_slope':0.1,'threshold':0.3",
        "3|ReLU|'max_value':1.0",
        "3|LeakyReLU|'negative_slope':0.2",
        "2|ThresholdedReLU|'theta':0.7",
        "3|ELU|'alpha':2.0",
        "3|PReLU|'shared_axes':[1,2]",
        "3|PReLU|'shared_axes':null",
        "3|Activation|'activation':'gelu'",
        "3|Activation|'activation':'selu'",
        "3|Activation|'activation':'hard_sigmoid'",
        "2|Activation|'activation':'hard_sigmoid'",
        "3|Activation|'activation':'hard_silu'",
        "3|Activation|'activation':'softplus'",
        "3|Activation|'activation':'softsign'",
        "3|Activation|'activation':'exponential'",
        "3|Activation|'activation':'mish'",
        "3|Activation|'activation':'silu'",
        "3|Activation|'activation':'sigmoid'",
        "3|Activation|'activation':'linear'",
        "3|Dropout|'rate':0.5",
        "3|SpatialDropout2D|'rate':0.5",
        "3|RandomRotation|'factor':0.9",
      })
  void layersGiveTheSameLogits(int generation, String kind, String settings) throws IOException {
    LayerGraph graph = withLayer(generation, kind, settings);

    assertConverted(graph, MAP);
    assertExplainedAlike(graph, MAP);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Add", "Subtract", "Multiply", "Average", "Maximum", "Concatenate"})
  void tensorsAreCombined(String kind) throws IOException {
    KerasConfiguration net = new KerasConfiguration(3);
    String input = net.input(9, 8, 3);
    String a = net.add("Conv2D", "a", "'filters':4,'kernel_size':[3,3]", input);
    String b = net.add("Activation", "b", "'activation':'relu'", a);
    String flat = net.add("Flatten", "flatten", "", net.add(kind, "both", "", a, b));
    String again = net.add(kind, "again", "", flat, flat);
    String normed = net.add("BatchNormalization", "normed", "", again);
    net.add("Dense", "classes", "'units':4", normed);
    LayerGraph graph = graph(net, 3);

    assertConverted(graph, MAP);
    assertExplainedAlike(graph, MAP);
  }

  @Test
  void squeezeAndExcitationScalesChannels() throws IOException {
    KerasConfiguration net = new KerasConfiguration(3);
    String a = net.add("Conv2D", "a", "'filters':4,'kernel_size':[3,3]", net.input(9, 8, 3));
    String squeezed = net.add("GlobalAveragePooling2D", "squeeze", "", a);
    String pixel = net.add("Reshape", "pixel", "'target_shape':[1,1,4]", squeezed);
    String gate =
        net.add("Conv2D", "gate", "'filters':4,'kernel_size':[1,1],'activation':'sigmoid'", pixel);
    String scaled = net.add("Multiply", "scaled", "", a, gate);
    String pooled = net.add("GlobalAveragePooling2D", "pooled", "", scaled);
    net.add("Dense", "classes", "'units':4,'activation':'softmax'", pooled);
    LayerGraph graph = graph(net, 3);

    assertConverted(graph, MAP);
    assertExplainedAlike(graph, MAP);
  }

  @Test
  void classesMayComeFromAConvolution() throws IOException {
    KerasConfiguration net = new KerasConfiguration(3);
    String a = net.add("Conv2D", "a", "'filters':6,'kernel_size':[3,3]", net.input(9, 8, 3));
    String b = net.add("Conv2D", "b", "'filters':4,'kernel_size':[1,1],'activation':'relu'", a);
    String pooled = net.add("GlobalAveragePooling2D", "pooled", "'keepdims':true", b);
    String flat = net.add("Reshape", "flat", "'target_shape':[4]", pooled);
    net.add("Activation", "softmax", "'activation':'softmax'", flat);
    LayerGraph graph = graph(net, 3);

    assertConverted(graph, MAP);
    assertThat(KerasClassifier.of(graph).isBeforeClassifier("a")).isTrue();
    assertThat(KerasClassifier.of(graph).isBeforeClassifier("b")).isFalse();
    assertThat(KerasClassifier.of(graph).isBeforeClassifier("pooled")).isFalse();
    ComputationGraph network = KerasClassifier.of(graph).withClasses(7, 1);
    INDArray answer = network.outputSingle(Nd4j.rand(2, 3, 9, 8));
    assertThat(answer.shape()).containsExactly(2, 7);
    assertThat(answer.sum(1).toFloatVector()).containsExactly(new float[] {1, 1}, within(1e-5f));
  }

  @Test
  void featuresGetAClassifier() throws IOException {
    KerasConfiguration net = new KerasConfiguration(3);
    String a = net.add("Conv2D", "a", "'filters':6,'kernel_size':[3,3]", net.input(9, 8, 3));
    String b = net.add("ReLU", "b", "", net.add("BatchNormalization", "bn", "", a));
    net.add("GlobalAveragePooling2D", "features", "", b);
    LayerGraph graph = graph(net, 3);

    assertConverted(graph, MAP);
    assertExplainedAlike(graph, MAP);
    KerasClassifier classifier = KerasClassifier.of(graph);
    assertThat(List.of("a", "b", "features")).allMatch(classifier::isBeforeClassifier);
    ComputationGraph network = classifier.withClasses(3, 1);
    assertThat(network.getConfiguration().getNetworkOutputs()).containsExactly("predictions");
    assertThat(network.getLayer("predictions").getParam("W").shape()).containsExactly(6, 3);
  }

  @Test
  void mapsAreNoClasses() {
    KerasConfiguration net = new KerasConfiguration(3);
    net.add("Conv2D", "a", "'filters':6,'kernel_size':[3,3]", net.input(9, 8, 3));
    LayerGraph graph = graph(net, 3);

    assertThatThrownBy(() -> KerasClassifier.of(graph))
        .isInstanceOf(UserInputException.class)
        .hasMessageContaining("put a GlobalAveragePooling2D behind them");
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "LayerNormalization|''|Layer 'layer' (LayerNormalization) can be explained but not trained",
        "LayerScale|''|has no factors that are learned by themselves",
        "Permute|'dims':[2,1,3]|Layer 'layer' (Permute)",
        "UpSampling2D|'size':[2,2],'interpolation':'bilinear'|Layer 'layer' (UpSampling2D)",
        "Conv2D|'filters':4,'kernel_size':[3,3],'groups':2|no convolution in groups",
        "Reshape|'target_shape':[6,7,4]|not [7, 6, 4] become [6, 7, 4]",
      })
  void layersThatDl4jHasNotAreNamed(String kind, String settings, String says) {
    LayerGraph graph = withLayer(3, kind, settings.equals("''") ? "" : settings);

    assertThatThrownBy(() -> KerasClassifier.of(graph))
        .isInstanceOf(UserInputException.class)
        .hasMessageContaining(says);
  }

  @ParameterizedTest
  @CsvSource({
    "sequential,keras",
    "sequential,h5",
    "functional,keras",
    "functional,h5",
    "nested,keras",
    "nested,h5",
    "binary,keras",
    "binary,h5",
    "mobilenet_v2_035_96,keras",
    "mobilenet_v2_035_96,h5"
  })
  void filesOfKerasGiveTheProbabilitiesOfKeras(String name, String form) throws IOException {
    JsonNode expected =
        new ObjectMapper().readTree(RealData.path("keras/" + name + ".json").toFile());
    Path file = RealData.path("keras/" + name + "." + form);
    KerasClassifier classifier = KerasClassifier.read(file);
    float[] images = new float[expected.path("input").size()];
    for (int i = 0; i < images.length; i++) {
      images[i] = expected.path("input").get(i).floatValue();
    }
    INDArray input = channelsFirst(images, classifier.input());

    float[][] logits = classifier.toLogits().outputSingle(input).toFloatMatrix();

    for (int n = 0; n < logits.length; n++) {
      JsonNode row = expected.path("probabilities").get(n);
      float[] values = logits[n];
      double largest = largest(values);
      double sum = 0;
      for (float v : values) {
        sum += Math.exp(v - largest);
      }
      for (int c = 0; c < values.length; c++) {
        double p =
            values.length == 1
                ? 1 / (1 + Math.exp(-values[c]))
                : Math.exp(values[c] - largest) / sum;
        double expectedP = row.isArray() ? row.get(c).asDouble() : row.asDouble();
        assertThat(p).isCloseTo(expectedP, within(1e-4));
      }
    }
    assertExplainedAlike(KerasModelReader.read(file), classifier.input());
  }

  private static double largest(float[] values) {
    double largest = Double.NEGATIVE_INFINITY;
    for (float v : values) {
      largest = Math.max(largest, v);
    }
    return largest;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"models/squeezenet_v1.0_imagenet.h5", "models/mini_xception_fer2013.hdf5"})
  void trainedFilesGiveTheLogitsThatExplainSees(String name) throws IOException {
    LayerGraph graph = KerasModelReader.read(RealData.path(name));

    assertConverted(graph, graph.input());
    assertExplainedAlike(graph, graph.input());
  }

  @ParameterizedTest
  @ValueSource(strings = {"MobileNetV2", "EfficientNetB0", "DenseNet121"})
  void publishedArchitecturesAreConverted(String name) {
    LayerGraph graph =
        KerasGraph.build(KerasModel.parse(KerasApplications.of(name, 3), 3), seeded());

    assertConverted(graph, graph.input());
  }

  @Test
  void smallFileNeedsNoReferenceMaterial() throws IOException {
    LayerGraph graph = KerasModelReader.read(TinyKeras.write(folder.resolve("tiny.h5")));

    assertConverted(graph, graph.input());
    assertExplainedAlike(graph, graph.input());
  }
}
