package io.gradlens.odeblock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gradlens.model.NativeBackend;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

class OdeBlockTest {
  private static final int IMAGES = 2;
  private static final int CHANNELS = 4;
  private static final int SIDE = 5;

  @BeforeAll
  static void configure() {
    NativeBackend.configure();
  }

  /** A network that is the block alone. */
  private static MultiLayerNetwork network(DataType type, OdeBlock.Builder block) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(type)
                .updater(new NoOp())
                .list()
                .layer(block.build())
                .layer(new CnnLossLayer.Builder().activation(Activation.IDENTITY).build())
                .setInputType(InputType.convolutional(SIDE, SIDE, CHANNELS))
                .build());
    network.init();
    Nd4j.getRandom().setSeed(4);
    network.params().addi(Nd4j.randn(type, network.params().shape()).muli(0.2));
    return network;
  }

  /** The same with ReLUs that are always open: with their kinks, f has no second derivative. */
  private static MultiLayerNetwork smooth(OdeBlock.Builder block) {
    MultiLayerNetwork network = network(DataType.DOUBLE, block);
    network.getLayer(0).getParam("beta1").addi(8);
    network.getLayer(0).getParam("beta2").addi(8);
    return network;
  }

  private static INDArray images(DataType type) {
    Nd4j.getRandom().setSeed(6);
    return Nd4j.randn(type, IMAGES, CHANNELS, SIDE, SIDE);
  }

  private static double[] plus(double[] z, double h, double[] k) {
    double[] sum = z.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += h * k[i];
    }
    return sum;
  }

  @Test
  void anEulerStepOfSizeOneIsAResidualBlock() {
    MultiLayerNetwork network =
        network(DataType.DOUBLE, new OdeBlock.Builder().solver("euler").steps(1));
    INDArray x = images(DataType.DOUBLE);
    PlainField f = new PlainField(network.getLayer(0).paramTable(), CHANNELS, SIDE);
    INDArray y = network.output(x);
    for (int i = 0; i < IMAGES; i++) {
      double[] z = x.slice(i).dup('c').data().asDouble();
      assertThat(y.slice(i).dup('c').data().asDouble())
          .containsExactly(plus(z, 1, f.at(z, 0)), within(1e-10));
    }
    assertThat(OdeCosts.of(network).values()).first().extracting(OdeCost::nfeForward).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"DOUBLE", "FLOAT"})
  void laterStepsSeeTheTime(DataType type) {
    MultiLayerNetwork network = network(type, new OdeBlock.Builder().solver("euler").steps(2));
    INDArray x = images(type);
    PlainField f = new PlainField(network.getLayer(0).paramTable(), CHANNELS, SIDE);
    double[] z = x.slice(1).dup('c').castTo(DataType.DOUBLE).data().asDouble();
    double[] half = plus(z, 0.5, f.at(z, 0));
    assertThat(network.output(x).slice(1).dup('c').castTo(DataType.DOUBLE).data().asDouble())
        .containsExactly(
            plus(half, 0.5, f.at(half, 0.5)), within(type == DataType.DOUBLE ? 1e-10 : 1e-5));
  }

  @Test
  void adaptiveStepsConvergeToManyFixedOnes() {
    INDArray x = images(DataType.DOUBLE);
    INDArray fine = smooth(new OdeBlock.Builder().solver("rk4").steps(100)).output(x);
    for (String solver : new String[] {"dopri5", "tsit5", "bosh3"}) {
      OdeBlock.Builder tight = new OdeBlock.Builder().solver(solver).tolerances(1e-8, 1e-8);
      double error = smooth(tight).output(x).distance2(fine);
      assertThat(error / fine.norm2Number().doubleValue()).as(solver).isLessThan(1e-7);
    }
  }

  /** Both gradients, of parameters and input, of a loss Σ c·z(1). */
  private static Map<String, INDArray> gradients(MultiLayerNetwork network) {
    INDArray x = images(DataType.DOUBLE);
    INDArray cotangent = Nd4j.randn(DataType.DOUBLE, x.shape());
    var layer = network.getLayer(0);
    layer.setBackpropGradientsViewArray(Nd4j.create(DataType.DOUBLE, layer.numParams()));
    layer.setInput(x, LayerWorkspaceMgr.noWorkspaces());
    layer.activate(true, LayerWorkspaceMgr.noWorkspaces());
    var result = layer.backpropGradient(cotangent, LayerWorkspaceMgr.noWorkspaces());
    OdeCost cost = ((OdeBlockLayer) layer).cost();
    return Map.of(
        "theta", layer.getGradientsViewArray(),
        "input", result.getSecond(),
        "bytes", Nd4j.scalar((double) cost.loggedBytes()),
        "nfe", Nd4j.scalar((double) cost.nfeBackward()));
  }

  private static void assertClose(
      Map<String, INDArray> actual, Map<String, INDArray> expected, double tolerance) {
    for (String key : new String[] {"theta", "input"}) {
      assertThat(difference(actual, expected, key)).as(key).isLessThanOrEqualTo(tolerance);
    }
  }

  private static double difference(
      Map<String, INDArray> actual, Map<String, INDArray> expected, String key) {
    double size = expected.get(key).norm2Number().doubleValue();
    assertThat(size).isGreaterThan(0.1);
    return actual.get(key).distance2(expected.get(key)) / size;
  }

  @ParameterizedTest
  @CsvSource({"dopri5,1e-9,2e-8", "tsit5,1e-9,2e-8", "bosh3,1e-8,1e-6"})
  void backsolveAgreesWithTheDiscreteAdjointWhereTolerancesAreTight(
      String solver, double tolerance, double difference) {
    OdeBlock.Builder block = new OdeBlock.Builder().solver(solver).tolerances(tolerance, tolerance);
    Map<String, INDArray> discrete = gradients(smooth(block));
    Map<String, INDArray> backsolve = gradients(smooth(block.adjoint(OdeAdjoint.BACKSOLVE)));
    assertClose(backsolve, discrete, difference);
  }

  /** Fourth order: with twice the steps, errors are a sixteenth. */
  @Test
  void bothAdjointsConvergeAtTheOrderOfTheMethod() {
    Map<String, INDArray> fine = gradients(smooth(new OdeBlock.Builder().solver("rk4").steps(100)));
    OdeBlock.Builder block = new OdeBlock.Builder().solver("rk4");
    for (OdeAdjoint adjoint : OdeAdjoint.values()) {
      block.adjoint(adjoint);
      double coarse = difference(gradients(smooth(block.steps(4))), fine, "theta");
      double halved = difference(gradients(smooth(block.steps(8))), fine, "theta");
      assertThat(coarse / halved).as("%s", adjoint).isBetween(12.0, 22.0);
    }
  }

  /** A kink moves a gradient as much as a step is long, whatever the method. */
  @Test
  void withKinksBothAdjointsAgreeRoughly() {
    OdeBlock.Builder block = new OdeBlock.Builder().solver("rk4").steps(40);
    Map<String, INDArray> discrete = gradients(network(DataType.DOUBLE, block));
    block.adjoint(OdeAdjoint.BACKSOLVE);
    assertClose(gradients(network(DataType.DOUBLE, block)), discrete, 2e-2);
  }

  /** An evaluation is five batches, and a state one: 2·4·5·5 doubles each, 1,600 bytes. */
  @ParameterizedTest
  @CsvSource({"rk4,40", "dopri5,24", "euler,100"})
  void gradientsAreTheSameWithinAnyNumberOfBytes(String solver, int steps) {
    OdeBlock.Builder block = new OdeBlock.Builder().solver(solver).steps(steps);
    Map<String, INDArray> stored = gradients(network(DataType.DOUBLE, block));
    assertThat(stored.get("bytes").getDouble(0)).isGreaterThanOrEqualTo(steps * 5 * 1600.0);
    for (int states : new int[] {steps, 3 * steps / 2, 30}) {
      long budget = 2L * states * 1600;
      Map<String, INDArray> kept = gradients(network(DataType.DOUBLE, block.memoryBytes(budget)));
      assertThat(kept.get("theta")).isEqualTo(stored.get("theta"));
      assertThat(kept.get("input")).isEqualTo(stored.get("input"));
      assertThat(kept.get("bytes").getDouble(0)).isLessThanOrEqualTo(budget);
    }
  }

  @Test
  void whatCannotBeIsRefusedWithTheRemedy() {
    assertThatThrownBy(() -> new OdeBlock.Builder().build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Expected a finite rtol above 0, got 0.0.");
    assertThatThrownBy(() -> new OdeBlock.Builder().solver("rk4").tolerances(1e-3, 1e-3).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("error estimate")
        .hasMessageContaining("not rk4");
    assertThatThrownBy(() -> new OdeBlock.Builder().solver("kvaerno3").steps(3).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("explicit");
  }

  @Test
  void aSolveThatDoesNotGetToItsEndSaysWhy() {
    MultiLayerNetwork network =
        network(DataType.DOUBLE, new OdeBlock.Builder().tolerances(1e-3, 1e-3));
    INDArray x = images(DataType.DOUBLE);
    x.putScalar(0, Double.NaN);
    assertThatThrownBy(() -> network.output(x))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("NaN");
  }

  @Test
  void theWayBackNeedsAForwardPassInTrainingMode() {
    MultiLayerNetwork network =
        network(DataType.FLOAT, new OdeBlock.Builder().solver("rk4").steps(2));
    var layer = network.getLayer(0);
    INDArray x = images(DataType.FLOAT);
    layer.setInput(x, LayerWorkspaceMgr.noWorkspaces());
    layer.activate(false, LayerWorkspaceMgr.noWorkspaces());
    assertThatThrownBy(() -> layer.backpropGradient(x, LayerWorkspaceMgr.noWorkspaces()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("training mode");
  }
}
