package io.gradlens.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradlens.network.OdeNet;
import io.gradlens.odeblock.OdeBlock;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Archives of ODE-Nets give what DL4J computes from them. */
class OdeNetModelTest {
  private static final int SIDE = 16;
  private static final int IMAGES = 3;
  private static final int CLASSES = 4;
  private static final List<String> LAYERS = List.of("conv3", OdeNet.BLOCK, "norm3", "relu3");

  @TempDir Path folder;

  private final float[] pictures = Networks.pictures(1, IMAGES, SIDE * SIDE);

  private static ComputationGraph network(UnaryOperator<OdeBlock.Builder> steps) {
    NativeBackend.configure();
    ComputationGraph network =
        new ComputationGraph(
            OdeNet.odeNet(
                    new NeuralNetConfiguration.Builder().seed(1),
                    (InputType.InputTypeConvolutional) InputType.convolutional(SIDE, SIDE, 1),
                    CLASSES,
                    steps.apply(new OdeBlock.Builder()))
                .build());
    network.init();
    network.params().addi(Nd4j.randn(DataType.FLOAT, network.params().shape()).muli(0.02));
    return network;
  }

  private NetworkModel saved(ComputationGraph network) throws IOException {
    File file = folder.resolve("model.zip").toFile();
    ModelSerializer.writeModel(network, file, false);
    return (NetworkModel) ModelLoader.load(file.toPath());
  }

  private INDArray picture(int i) {
    return Nd4j.create(pictures, new long[] {IMAGES, 1, SIDE, SIDE}, 'c')
        .slice(i)
        .reshape(1, 1, SIDE, SIDE);
  }

  @Test
  void activationsAndProbabilitiesAreDl4jsForEachPictureAlone() throws IOException {
    ComputationGraph network = network(block -> block.tolerances(1e-3, 1e-3));
    NetworkModel model = saved(network);
    assertThat(model.layers().stream().mapToLong(l -> l.parameters()).sum())
        .isEqualTo(network.numParams());
    assertThat(model.autoLayer()).isEqualTo("relu3");
    try (Trace trace = model.forward(pictures, SIDE, SIDE, LAYERS)) {
      for (int i = 0; i < IMAGES; i++) {
        var expected = network.feedForward(picture(i), false);
        for (String layer : List.of("conv3", OdeNet.BLOCK)) {
          float[] map = expected.get(layer).dup('c').data().asFloat();
          assertThat(trace.activation(layer).values()[i])
              .as(layer)
              .containsExactly(map, within(1e-5f));
        }
        assertThat(trace.probabilities()[i])
            .containsExactly(expected.get("predictions").toFloatVector(), within(1e-5f));
      }
    }
  }

  /** The gradient of a logit at a layer against differences of what DL4J computes behind it. */
  @ParameterizedTest
  @ValueSource(strings = {"conv3", "ode"})
  void gradientsAreThoseOfTheNetworkBehindTheLayer(String layer) throws IOException {
    NetworkModel model = saved(network(block -> block.solver("rk4").steps(2)));
    float[][] target = new float[IMAGES][CLASSES];
    for (float[] row : target) {
      row[2] = 1;
    }
    try (Trace trace = model.forward(pictures, SIDE, SIDE, List.of(layer))) {
      FeatureMaps a = trace.activation(layer);
      FeatureMaps g = trace.vjp(layer, List.<float[][]>of(target)).get(0);
      float[][] direction = new float[IMAGES][];
      List<float[][]> moved = new ArrayList<>();
      double step = 1e-2;
      for (double sign : new double[] {step, -step}) {
        float[][] maps = new float[IMAGES][];
        for (int i = 0; i < IMAGES; i++) {
          direction[i] = Networks.pictures(9 + i, 1, a.values()[i].length);
          maps[i] = a.values()[i].clone();
          for (int j = 0; j < maps[i].length; j++) {
            maps[i][j] += (float) (sign * (direction[i][j] - 0.5));
          }
        }
        moved.add(model.head(layer, maps, SIDE, SIDE));
      }
      for (int i = 0; i < IMAGES; i++) {
        double expected = (moved.get(0)[i][2] - moved.get(1)[i][2]) / (2 * step);
        double slope = 0;
        double size = 0;
        for (int j = 0; j < direction[i].length; j++) {
          slope += (direction[i][j] - 0.5) * g.values()[i][j];
          size += Math.abs((direction[i][j] - 0.5) * g.values()[i][j]);
        }
        assertThat(size).isGreaterThan(1e-3);
        assertThat(slope).as("image %d", i).isCloseTo(expected, within(0.02 * size));
      }
    }
  }

  @Test
  void aSolveThatFailsConcernsItsPictureOnly() throws IOException {
    NetworkModel model = saved(network(block -> block.tolerances(1e-2, 1e-2)));
    float[] broken = pictures.clone();
    broken[SIDE * SIDE] = Float.NaN;
    try (Trace trace = model.forward(broken, SIDE, SIDE, List.of(OdeNet.BLOCK));
        Trace whole = model.forward(pictures, SIDE, SIDE, List.of(OdeNet.BLOCK))) {
      assertThat(trace.logits()[0]).isEqualTo(whole.logits()[0]);
      assertThat(trace.logits()[1]).containsOnly(Float.NaN);
      assertThat(trace.logits()[2]).isEqualTo(whole.logits()[2]);
    }
  }

  @Test
  void aRowDoesNotDependOnItsNeighbours() throws IOException {
    NetworkModel model = saved(network(block -> block.tolerances(1e-2, 1e-2)));
    float[] other = pictures.clone();
    Arrays.fill(other, SIDE * SIDE, other.length, 0.25f);
    try (Trace trace = model.forward(pictures, SIDE, SIDE, List.of(OdeNet.BLOCK));
        Trace alone = model.forward(other, SIDE, SIDE, List.of(OdeNet.BLOCK))) {
      assertThat(alone.logits()[0]).isEqualTo(trace.logits()[0]);
      assertThat(alone.activation(OdeNet.BLOCK).values()[0])
          .isEqualTo(trace.activation(OdeNet.BLOCK).values()[0]);
    }
  }
}
