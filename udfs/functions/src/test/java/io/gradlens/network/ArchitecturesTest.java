package io.gradlens.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradlens.model.Preprocessing;
import io.gradlens.model.Sizing;
import io.gradlens.model.StoredMetadata;
import io.gradlens.model.graph.InputShape;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ArchitecturesTest {

  private static NetworkPlan plan(
      InputShape input, int classes, List<Double> weights, double rate) {
    List<String> names = IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    StoredMetadata stored =
        new StoredMetadata(input, Preprocessing.preset("unit"), Sizing.DEFAULT, names);
    return new NetworkPlan(
        stored,
        Map.of(),
        weights,
        Augmentation.NONE,
        new NetworkOptimizer("sgd", rate, 0, 0),
        new RateSchedule("constant", 1, 1, 0),
        TrainingMasters.AVERAGING,
        1,
        1,
        1,
        1,
        0,
        4);
  }

  /**
   * Parameters counted by hand: a k x k convolution of F channels over C has k·k·F·C + F, without
   * bias k·k·F·C; a normalisation has 4 numbers a channel; a dense layer inputs·outputs + outputs.
   */
  @ParameterizedTest
  @CsvSource({
    // 5·5·20·3+20 + 5·5·50·20+50 + (50·4·4)·500+500 + 500·10+10
    "lenet, 10, 432080",
    // 9·(3·32 + 32·32 + 32·64 + 64·64 + 64·128 + 128·128) + 4·2·(32 + 64 + 128) + 128·10+10
    "small-cnn, 10, 289642",
    // 9·(3·16 + 6·16·16 + 16·32 + 5·32·32 + 32·64 + 5·64·64) + 16·32 + 32·64
    //   + 4·(7·16 + 7·32 + 7·64) + 64·10+10
    "resnet-lite, 10, 274042",
    // As the paper on neural ODEs has them
    "ode-net, 10, 208266",
    "ode-net-residual, 10, 576778",
    "ode-net-without-block, 10, 132874",
  })
  void parametersAreThoseCountedByHand(String name, int classes, long parameters) {
    Architectures architecture = Architectures.named(name);
    ComputationGraph network =
        NetworkSource.architecture(architecture)
            .network(plan(architecture.input(), classes, List.of(), 0.1));

    assertThat(network.numParams()).isEqualTo(parameters);
  }

  /** The gradient of a batch where one class counts nothing is that of the others. */
  @Test
  void weightsOfClassesWeighTheirGradients() {
    NetworkSource source = NetworkSource.architecture(Architectures.LENET);
    TrainingImage[] images = new TrainingImage[6];
    for (int i = 0; i < images.length; i++) {
      byte[] pixels = new byte[16 * 16 * 3];
      new java.util.Random(i).nextBytes(pixels);
      images[i] = new TrainingImage("%08x".formatted(i), i < 3 ? "a" : "b", pixels);
    }
    INDArray doubled = step(source, List.of(2.0, 0.0), images);
    INDArray alone = step(source, List.of(1.0, 1.0), images[0], images[1], images[2]);

    assertThat(doubled.distance2(alone)).isLessThan(1e-5);
  }

  /** What a step of plain gradient descent adds to the weights. */
  private static INDArray step(
      NetworkSource source, List<Double> weights, TrainingImage... images) {
    NetworkPlan plan = plan(new InputShape(16, 16, 3), 2, weights, 1);
    ComputationGraph network = source.network(plan);
    INDArray before = network.params().dup();
    BatchAssembly assembly =
        new BatchAssembly(
            plan.stored().input(),
            plan.stored().preprocessing(),
            Augmentation.NONE,
            2,
            Map.of("a", 0, "b", 1));
    network.fit(assembly.augmented(List.of(images), 0, 0));
    INDArray change = network.params().sub(before);
    assertThat(Nd4j.norm2(change).getDouble(0)).isPositive();
    return change;
  }
}
