package io.gradlens.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradlens.model.NativeBackend;
import io.gradlens.odeblock.GroupNorm;
import io.gradlens.odeblock.OdeAdjoint;
import io.gradlens.odeblock.OdeBlock;
import io.gradlens.odeblock.OdeCost;
import io.gradlens.odeblock.OdeCosts;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.profiler.ProfilerConfig;

/** The networks, and the layers in DL4J's hands: training, workspaces, copies, files. */
class OdeNetTest {
  private static final int CLASSES = 3;
  private static final int SIDE = 8;

  @TempDir Path folder;

  @BeforeAll
  static void configure() {
    NativeBackend.configure();
  }

  private static NeuralNetConfiguration.Builder settings() {
    return new NeuralNetConfiguration.Builder().seed(1).updater(new Adam(1e-2));
  }

  private static OdeBlock.Builder block() {
    return new OdeBlock.Builder().tolerances(1e-3, 1e-3);
  }

  private static long parameters(GraphBuilder graph) {
    ComputationGraph network = new ComputationGraph(graph.build());
    network.init();
    return network.numParams();
  }

  @Test
  void parametersAreThoseOfThePaper() {
    var mnist = (InputType.InputTypeConvolutional) InputType.convolutional(28, 28, 1);
    long ode = parameters(OdeNet.odeNet(settings(), mnist, 10, block()));
    long residual = parameters(OdeNet.residualNet(settings(), mnist, 10));
    assertThat(ode).isEqualTo(208_266);
    assertThat(residual).isEqualTo(576_778);
    assertThat(ode / (double) residual).isLessThan(0.37);
    assertThat(parameters(OdeNet.withoutBlock(settings(), mnist, 10))).isEqualTo(132_874);
  }

  private static MultiLayerNetwork small(WorkspaceMode mode, OdeBlock.Builder block) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            settings()
                .trainingWorkspaceMode(mode)
                .inferenceWorkspaceMode(mode)
                .list()
                .layer(
                    new ConvolutionLayer.Builder(3, 3)
                        .nOut(4)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new GroupNorm.Builder(2).build())
                .layer(block.build())
                .layer(new GlobalPoolingLayer(PoolingType.AVG))
                .layer(
                    new OutputLayer.Builder().nOut(CLASSES).activation(Activation.SOFTMAX).build())
                .setInputType(InputType.convolutional(SIDE, SIDE, 1))
                .build());
    network.init();
    return network;
  }

  private static ComputationGraph graph() {
    return small(WorkspaceMode.ENABLED, block()).toComputationGraph();
  }

  /** Noise, with a bright row, a bright column or neither. */
  private static DataSet pictures(long seed, int count) {
    return pictures(seed, count, SIDE);
  }

  static DataSet pictures(long seed, int count, int side) {
    Nd4j.getRandom().setSeed(seed);
    INDArray images = Nd4j.rand(DataType.FLOAT, count, 1, side, side);
    INDArray labels = Nd4j.zeros(DataType.FLOAT, count, CLASSES);
    for (int i = 0; i < count; i++) {
      for (int p = 0; p < side; p++) {
        if (i % CLASSES < 2) {
          images.putScalar(i % CLASSES == 0 ? new int[] {i, 0, 4, p} : new int[] {i, 0, p, 4}, 3);
        }
      }
      labels.putScalar(i, i % CLASSES, 1);
    }
    return new DataSet(images, labels);
  }

  @ParameterizedTest
  @EnumSource(OdeAdjoint.class)
  void trainsTheSameWithWorkspacesAndWithout(OdeAdjoint adjoint) {
    MultiLayerNetwork with = small(WorkspaceMode.ENABLED, block().adjoint(adjoint));
    MultiLayerNetwork without = small(WorkspaceMode.NONE, block().adjoint(adjoint));
    Nd4j.getExecutioner()
        .setProfilingConfig(ProfilerConfig.builder().checkWorkspaces(true).build());
    try {
      double first = with.score(pictures(2, 12));
      for (int i = 0; i < 30; i++) {
        // Batches of two sizes: the last one of an epoch is shorter.
        DataSet batch = pictures(10 + i, i % 5 == 4 ? 7 : 12);
        with.fit(batch);
        without.fit(batch);
        OdeCost cost = OdeCosts.of(with).values().iterator().next();
        assertThat(cost.nfeForward())
            .isEqualTo(2 + 6 * (cost.stepsAccepted() + cost.stepsRejected()));
        assertThat(cost.nfeBackward()).isGreaterThanOrEqualTo(6);
      }
      assertThat(with.params()).isEqualTo(without.params());
      assertThat(with.score(pictures(2, 12))).isLessThan(0.75 * first);
      INDArray output = with.output(pictures(3, 5).getFeatures());
      assertThat(output).isEqualTo(without.output(pictures(3, 5).getFeatures()));
    } finally {
      Nd4j.getExecutioner().setProfilingConfig(ProfilerConfig.builder().build());
    }
  }

  @Test
  void copiesAreIndependent() {
    ComputationGraph network = graph();
    INDArray images = pictures(5, 4).getFeatures();
    INDArray before = network.outputSingle(images).dup();
    ComputationGraph copy = network.clone();
    assertThat(copy.outputSingle(images)).isEqualTo(before);
    copy.fit(pictures(6, 12));
    assertThat(copy.outputSingle(images)).isNotEqualTo(before);
    assertThat(network.outputSingle(images)).isEqualTo(before);
  }

  @Test
  void configurationsSurviveJson() {
    MultiLayerNetwork network =
        small(
            WorkspaceMode.ENABLED,
            new OdeBlock.Builder()
                .solver("bosh3")
                .steps(3)
                .adjoint(OdeAdjoint.BACKSOLVE)
                .memoryBytes(12345));
    var configuration = network.getLayerWiseConfigurations();
    var restored = MultiLayerConfiguration.fromJson(configuration.toJson());
    assertThat(restored).isEqualTo(configuration);
    ComputationGraphConfiguration graph = graph().getConfiguration();
    assertThat(ComputationGraphConfiguration.fromJson(graph.toJson())).isEqualTo(graph);
  }

  @Test
  void aSavedNetworkGoesOnWhereItStopped() throws IOException {
    ComputationGraph network = graph();
    network.fit(pictures(7, 12));
    File file = folder.resolve("model.zip").toFile();
    ModelSerializer.writeModel(network, file, true);
    ComputationGraph restored = ModelSerializer.restoreComputationGraph(file, true);
    network.fit(pictures(8, 12));
    restored.fit(pictures(8, 12));
    assertThat(restored.params()).isEqualTo(network.params());
  }

  @Test
  void aFreshProcessLoadsASavedNetwork() throws IOException, InterruptedException {
    ComputationGraph network = graph();
    network.fit(pictures(7, 12));
    Path file = folder.resolve("model.zip");
    ModelSerializer.writeModel(network, file.toFile(), false);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-Xmx512m", "-cp", System.getProperty("java.class.path"), Reader.class.getName()));
    command.add(file.toString());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    String[] numbers = output.trim().split(" ");
    float[] expected = network.outputSingle(pictures(9, 1).getFeatures()).toFloatVector();
    for (int i = 0; i < CLASSES; i++) {
      assertThat(Float.parseFloat(numbers[numbers.length - CLASSES + i]))
          .isCloseTo(expected[i], within(1e-5f));
    }
  }

  /** Prints what a saved network makes of a picture. */
  static final class Reader {
    public static void main(String[] args) throws IOException {
      ComputationGraph network = ModelSerializer.restoreComputationGraph(new File(args[0]), false);
      StringBuilder line = new StringBuilder();
      for (float p : network.outputSingle(pictures(9, 1).getFeatures()).toFloatVector()) {
        line.append(' ').append(p);
      }
      System.out.println(line);
    }
  }
}
