package io.gradlens.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gradlens.UserInputException;
import io.gradlens.model.graph.LayerInfo;
import io.gradlens.model.layer.BackwardRule;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

class NetworkModelTest {
  private static final int BATCH = 3;
  private static final int PIXELS = 12 * 10 * 3;
  private final NetworkModel model = new NetworkModel(Networks.residual(), StoredMetadata.NONE);

  private static float[][] oneHot(int classes, int... targets) {
    float[][] cotangent = new float[BATCH][classes];
    for (int i = 0; i < BATCH; i++) {
      cotangent[i][targets[i % targets.length]] = 1;
    }
    return cotangent;
  }

  @ParameterizedTest
  @ValueSource(strings = {"dropout", "conv3", "concat", "scale", "depthwise", "pool", "add"})
  void vjpMatchesDifferencesOfTheHead(String layer) {
    boolean cuts = List.of("dropout", "conv3", "concat", "pool", "add").contains(layer);
    float[] images = Networks.pictures(1, BATCH, PIXELS);
    try (Trace trace = model.forward(images, 12, 10, List.of(layer))) {
      FeatureMaps a = trace.activation(layer);
      FeatureMaps g = trace.vjp(layer, List.<float[][]>of(oneHot(5, 1, 3, 0))).get(0);
      if (!cuts) {
        assertThat(g.values()[0]).hasSameSizeAs(a.values()[0]);
        assertThatThrownBy(() -> model.head(layer, a.values(), 12, 10))
            .isInstanceOf(UserInputException.class)
            .hasMessageContaining("a path leads around it");
        return;
      }
      assertThat(model.head(layer, a.values(), 12, 10)[1])
          .containsExactly(trace.logits()[1], within(1e-5f));
      Random random = new Random(7);
      double eps = 1e-2;
      float[][] plus = new float[BATCH][];
      float[][] minus = new float[BATCH][];
      double[] expected = new double[BATCH];
      for (int i = 0; i < BATCH; i++) {
        plus[i] = a.values()[i].clone();
        minus[i] = a.values()[i].clone();
        for (int j = 0; j < plus[i].length; j++) {
          float d = (float) (random.nextGaussian() * 0.01);
          plus[i][j] += (float) eps * d;
          minus[i][j] -= (float) eps * d;
          expected[i] += (double) d * g.values()[i][j];
        }
      }
      float[][] up = model.head(layer, plus, 12, 10);
      float[][] down = model.head(layer, minus, 12, 10);
      int[] targets = {1, 3, 0};
      for (int i = 0; i < BATCH; i++) {
        double got = ((double) up[i][targets[i]] - down[i][targets[i]]) / (2 * eps);
        assertThat(got).as("image %d", i).isCloseTo(expected[i], within(2e-3));
      }
    }
  }

  @Test
  void inputGradientMatchesDifferencesOfTheForwardPass() {
    float[] images = Networks.pictures(2, BATCH, PIXELS);
    float[] direction = Networks.pictures(3, BATCH, PIXELS);
    double eps = 1e-3;
    try (Trace trace = model.forward(images, 12, 10, List.of("input"))) {
      FeatureMaps g =
          trace.inputGradient(BackwardRule.GRADIENT, List.<float[][]>of(oneHot(5, 2))).get(0);
      float[] up = images.clone();
      float[] down = images.clone();
      for (int i = 0; i < images.length; i++) {
        up[i] += (float) (eps * direction[i]);
        down[i] -= (float) (eps * direction[i]);
      }
      float[][] plus = logits(up);
      float[][] minus = logits(down);
      for (int n = 0; n < BATCH; n++) {
        float[] d = Arrays.copyOfRange(direction, n * PIXELS, (n + 1) * PIXELS);
        float[] first = ChannelOrder.toFirst(d, 3);
        double expected = 0;
        for (int i = 0; i < PIXELS; i++) {
          expected += (double) first[i] * g.values()[n][i];
        }
        double got = ((double) plus[n][2] - minus[n][2]) / (2 * eps);
        assertThat(got).isCloseTo(expected, within(0.02 * (1 + Math.abs(expected))));
      }
    }
  }

  private float[][] logits(float[] images) {
    try (Trace trace = model.forward(images, 12, 10, List.of("conv3"))) {
      return trace.logits();
    }
  }

  @Test
  void stackedTargetsGiveWhatEachGivesAlone() {
    float[] images = Networks.pictures(1, BATCH, PIXELS);
    try (Trace trace = model.forward(images, 12, 10, List.of("relu1", "conv3"))) {
      for (String layer : List.of("relu1", "conv3")) {
        List<float[][]> targets =
            List.<float[][]>of(oneHot(5, 0), oneHot(5, 1, 2, 3), oneHot(5, 4));
        List<FeatureMaps> stacked = trace.vjp(layer, targets);
        for (int t = 0; t < targets.size(); t++) {
          FeatureMaps alone = trace.vjp(layer, List.<float[][]>of(targets.get(t))).get(0);
          for (int i = 0; i < BATCH; i++) {
            assertThat(stacked.get(t).values()[i])
                .containsExactly(alone.values()[i], within(1e-6f));
          }
        }
      }
    }
  }

  @Test
  void aRowDoesNotDependOnItsNeighboursOrOnEarlierPasses() {
    float[] images = Networks.pictures(1, BATCH, PIXELS);
    float[] others = Networks.pictures(9, BATCH, PIXELS);
    System.arraycopy(images, 0, others, 2 * PIXELS, PIXELS);
    List<String> layers = List.of("conv3", "relu1");
    try (Trace first = model.forward(images, 12, 10, layers)) {
      float[] logits = first.logits()[0];
      float[] map = first.activation("relu1").values()[0];
      float[] gradient = first.vjp("relu1", List.<float[][]>of(oneHot(5, 1))).get(0).values()[0];
      try (Trace second = model.forward(others, 12, 10, layers)) {
        assertThat(second.logits()[2]).isEqualTo(logits);
        assertThat(second.activation("relu1").values()[2]).isEqualTo(map);
        assertThat(second.vjp("relu1", List.<float[][]>of(oneHot(5, 1))).get(0).values()[2])
            .isEqualTo(gradient);
      }
    }
    try (Trace again = model.forward(images, 12, 10, layers)) {
      assertThat(again.activation("relu1").values()[0])
          .as("buffers of an earlier pass leave no trace")
          .isNotEmpty();
    }
  }

  @Test
  void tappingALayerDoesNotChangeTheLogits() {
    float[] images = Networks.pictures(1, BATCH, PIXELS);
    float[][] expected = logits(images);
    for (LayerInfo layer : model.layers()) {
      if (!layer.isSpatial()) {
        continue;
      }
      try (Trace trace = model.forward(images, 12, 10, List.of(layer.name()))) {
        for (int i = 0; i < BATCH; i++) {
          assertThat(trace.logits()[i]).containsExactly(expected[i], within(1e-5f));
        }
      }
    }
  }

  @Test
  void threadsGetTheSameResults() throws Exception {
    float[] images = Networks.pictures(1, BATCH, PIXELS);
    float[][] expected = logits(images);
    List<Thread> threads =
        java.util.stream.IntStream.range(0, 4)
            .mapToObj(
                t ->
                    new Thread(
                        () -> {
                          for (int k = 0; k < 20; k++) {
                            if (!Arrays.deepEquals(logits(images), expected)) {
                              throw new AssertionError("thread " + t + " differs");
                            }
                          }
                        }))
            .toList();
    List<Throwable> failures = java.util.Collections.synchronizedList(new java.util.ArrayList<>());
    threads.forEach(t -> t.setUncaughtExceptionHandler((x, e) -> failures.add(e)));
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
  }

  @Test
  void aTaskUsesOneNativeThread() throws Exception {
    int[] threads = new int[1];
    Thread task =
        new Thread(
            () -> {
              NativeOps ops = NativeOpsHolder.getInstance().getDeviceNativeOps();
              ops.setOmpNumThreads(2);
              logits(Networks.pictures(1, BATCH, PIXELS));
              threads[0] = ops.ompGetMaxThreads();
            });
    task.start();
    task.join();
    assertThat(threads[0]).isEqualTo(1);
  }

  @Test
  void randomisedLayersChangeTheLogitsAndTheSeedFixesThem() {
    float[] images = Networks.pictures(1, BATCH, PIXELS);
    float[][] first = run(model.withRandomised(List.of("conv3"), 1), images);
    assertThat(first).isDeepEqualTo(run(model.withRandomised(List.of("conv3"), 1), images));
    assertThat(first[0]).isNotEqualTo(run(model.withRandomised(List.of("conv3"), 2), images)[0]);
    assertThat(first[0]).isNotEqualTo(logits(images)[0]);
    assertThat(run(model.withRandomised(List.of(), 1), images)).isDeepEqualTo(logits(images));
  }

  private static float[][] run(ProbedModel model, float[] images) {
    try (Trace trace = model.forward(images, 12, 10, List.of("conv3"))) {
      return trace.logits();
    }
  }

  @Test
  void aSigmoidUnitTellsTwoClassesApart() {
    NetworkModel binary = new NetworkModel(Networks.binary(), StoredMetadata.NONE);
    assertThat(binary.classes()).isEqualTo(2);
    assertThat(binary.headActivation()).isEqualTo(HeadActivation.BINARY_SIGMOID);
    float[] images = Networks.pictures(1, BATCH, 64);
    try (Trace trace = binary.forward(images, 8, 8, List.of("conv"))) {
      float[] y = trace.logits()[0];
      float[] p = trace.probabilities()[0];
      assertThat(y[0]).isEqualTo(-y[1]);
      assertThat(p[0] + p[1]).isCloseTo(1f, within(1e-6f));
      FeatureMaps positive = trace.vjp("conv", List.<float[][]>of(oneHot(2, 1))).get(0);
      FeatureMaps negative = trace.vjp("conv", List.<float[][]>of(oneHot(2, 0))).get(0);
      for (int i = 0; i < positive.values()[0].length; i++) {
        assertThat(positive.values()[0][i]).isEqualTo(-negative.values()[0][i]);
      }
    }
  }

  @Test
  void autoLayerIsWhatEntersTheLayerThatRemovesRowsAndColumns() {
    assertThat(model.autoLayer()).isEqualTo("conv3");
    assertThat(
            new NetworkModel(Networks.convolutionalClassifier(), StoredMetadata.NONE).autoLayer())
        .isEqualTo("features");
    assertThat(new NetworkModel(Networks.binary(), StoredMetadata.NONE).autoLayer())
        .isEqualTo("conv");
  }

  @Test
  void aFreeInputTakesAnySize() {
    NetworkModel free = new NetworkModel(Networks.convolutionalClassifier(), StoredMetadata.NONE);
    for (int size : new int[] {5, 9}) {
      float[] images = Networks.pictures(1, 1, size * size * 3);
      try (Trace trace = free.forward(images, size, size, List.of("features"))) {
        assertThat(trace.activation("features").height()).isEqualTo(size);
      }
    }
  }

  @Test
  void anUnknownLayerIsRefusedWithTheListOfThoseThereAre() {
    float[] images = Networks.pictures(1, 1, PIXELS);
    assertThatThrownBy(() -> model.forward(images, 12, 10, List.of("conv9")))
        .isInstanceOf(UserInputException.class)
        .hasMessageContaining("Layer 'conv9' is not in the model")
        .hasMessageContaining("conv1, bn1, relu1, conv2");
    assertThatThrownBy(() -> model.forward(images, 12, 10, List.of("flatten")))
        .isInstanceOf(UserInputException.class)
        .hasMessageContaining("no rows and columns");
    assertThatThrownBy(() -> model.forward(images, 10, 12, List.of("conv1")))
        .isInstanceOf(UserInputException.class)
        .hasMessageContaining("takes pictures of 10 x 12, got 12 x 10");
  }
}
