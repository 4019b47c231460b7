package io.gradlens.model.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradlens.model.ModelSummary;
import io.gradlens.model.Networks;
import io.gradlens.model.ProbedModel;
import io.gradlens.model.Trace;
import io.gradlens.model.graph.LayerGraph;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The architectures of keras.applications in both forms of their configuration. */
class KerasApplicationsTest {

  /** Total parameters as Keras publishes them. */
  @ParameterizedTest(name = "{0} of Keras {1}")
  @CsvSource({
    "VGG16,2,138357544,block5_conv3,14,512",
    "VGG16,3,138357544,block5_conv3,14,512",
    "VGG19,2,143667240,block5_conv4,14,512",
    "VGG19,3,143667240,block5_conv4,14,512",
    "ResNet50,2,25636712,conv5_block3_out,7,2048",
    "ResNet50,3,25636712,conv4_block6_out,14,1024",
    "MobileNetV2,2,3538984,out_relu,7,1280",
    "MobileNetV2,3,3538984,block_13_expand_relu,14,576",
    "DenseNet121,2,8062504,relu,7,1024",
    "DenseNet121,3,8062504,conv4_block24_concat,14,1024",
    "Xception,2,22910480,block14_sepconv2_act,10,2048",
    "Xception,3,22910480,block4_pool,19,728",
    "InceptionV3,2,23851784,mixed10,8,2048",
    "InceptionV3,3,23851784,mixed2,35,288",
    "EfficientNetB0,2,5330571,top_activation,7,1280",
    "EfficientNetB0,3,5330571,block6a_expand_activation,14,672"
  })
  void hasThePublishedSizeAndShapes(
      String name, int generation, long parameters, String layer, int size, int channels) {
    LayerGraph graph = KerasGraph.build(model(name, generation), constant());

    ModelSummary summary = new ModelSummary(graph.layers());
    assertThat(summary.trainable() + summary.nonTrainable()).isEqualTo(parameters);
    assertThat(shape(graph, layer)).isEqualTo(List.of(size, size, channels));
    assertThat(shape(graph, "predictions")).isEqualTo(List.of(1000));
  }

  @ParameterizedTest
  @CsvSource({
    "VGG19,143667240,0",
    "ResNet50,25583592,53120",
    "MobileNetV2,3504872,34112",
    "DenseNet121,7978856,83648",
    "Xception,22855952,54528",
    "InceptionV3,23817352,34432",
    "EfficientNetB0,5288548,42023"
  })
  void countsMovingAveragesAsKerasDoes(String name, long trainable, long nonTrainable) {
    ModelSummary summary = new ModelSummary(KerasGraph.build(model(name, 3), constant()).layers());

    assertThat(summary.trainable()).isEqualTo(trainable);
    assertThat(summary.nonTrainable()).isEqualTo(nonTrainable);
  }

  @ParameterizedTest
  @CsvSource({
    "VGG16,block5_conv3",
    "VGG19,block5_conv4",
    "ResNet50,conv5_block3_out",
    "MobileNetV2,out_relu",
    "DenseNet121,relu",
    "Xception,block14_sepconv2_act",
    "InceptionV3,mixed10",
    "EfficientNetB0,top_activation"
  })
  void isExplainedAtItsLastSpatialLayer(String name, String layer) {
    LayerGraph graph = KerasGraph.build(model(name, 3), constant());

    assertThat(Networks.autoLayer(graph, 1000)).isEqualTo(layer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ResNet50", "MobileNetV2", "DenseNet121", "EfficientNetB0"})
  void runsAlikeFromBothForms(String name) {
    float[] image = new float[224 * 224 * 3];
    Random random = new Random(7);
    for (int i = 0; i < image.length; i++) {
      image[i] = random.nextFloat();
    }
    float[] old = probabilities(model(name, 2), image);
    float[] modern = probabilities(model(name, 3), image);

    assertThat(modern).isEqualTo(old);
    double sum = 0;
    for (float p : old) {
      sum += p;
    }
    assertThat(sum).isCloseTo(1, within(1e-4));
    assertThat(Arrays.stream(new float[][] {old}).flatMapToDouble(KerasApplicationsTest::stream))
        .as("not all classes alike")
        .doesNotContainNull()
        .anyMatch(p -> Math.abs(p - 1e-3) > 1e-5);
  }

  private static java.util.stream.DoubleStream stream(float[] values) {
    return java.util.stream.IntStream.range(0, values.length).mapToDouble(i -> values[i]);
  }

  private static float[] probabilities(KerasModel model, float[] image) {
    LayerGraph graph = KerasGraph.build(model, seeded());
    try (ProbedModel network = Networks.model(graph);
        Trace trace = network.forward(image, 224, 224, List.of())) {
      return trace.probabilities()[0];
    }
  }

  private static KerasModel model(String name, int generation) {
    return KerasModel.parse(KerasApplications.of(name, generation), generation);
  }

  private static List<Integer> shape(LayerGraph graph, String layer) {
    return graph.layers().stream()
        .filter(l -> l.name().equals(layer))
        .findFirst()
        .orElseThrow()
        .outputShape();
  }

  /** Kernels are one number seen as an array of any shape, so that nothing is allocated. */
  private static KerasWeights constant() {
    INDArray one = Nd4j.scalar(DataType.FLOAT, 0.5f);
    return (layer, index, shape) ->
        shape.length < 2
            ? Nd4j.valueArrayOf(shape, 0.5, DataType.FLOAT)
            : Nd4j.create(one.data(), shape, new long[shape.length], 0, 'c');
  }

  /** He-scaled kernels, positive vectors: the same for a layer's name in both forms. */
  private static KerasWeights seeded() {
    return (layer, index, shape) -> {
      Random random = new Random(31L * layer.name().replace('/', '_').hashCode() + index);
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
}
