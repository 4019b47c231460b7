package io.gradlens.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gradlens.field.FieldPrecision;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.Solution;
import io.gradlens.ode.SolveStatus;
import io.gradlens.ode.StepControl;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Tableaus;
import io.gradlens.ode.ThetaGradient;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.adjoint.DiscreteAdjoint;
import io.gradlens.ode.adjoint.Gradients;
import io.gradlens.ode.adjoint.Loss;
import io.gradlens.ode.adjoint.StepMemory;
import io.gradlens.ode.nn.Activation;
import io.gradlens.ode.nn.Mlp;
import io.gradlens.ode.nn.MlpShape;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both engines against each other: the plain Java one has its own references. */
class DeviceAdjointTest {
  private static final long PLENTY = 1L << 30;

  private static final StepSizeController TIGHT = StepSizeController.adaptive(1e-6, 1e-8);

  private final Random random = new Random(7);

  private static MlpShape shape(Activation activation) {
    return MlpShape.of(3, activation, 16, 12);
  }

  private static OdeSolve dopri5() {
    return OdeSolve.with(Tableaus.named("dopri5"), TIGHT);
  }

  private Trajectories trajectories(int dim, int count) {
    double[] y0 = random.doubles((long) dim * count, -1, 1).toArray();
    double[][] ts = new double[count][];
    for (int i = 0; i < count; i++) {
      // Lengths, directions and numbers of times differ, and some lie close together.
      int points = 2 + i % 5;
      double direction = i % 3 == 2 ? -1 : 1;
      ts[i] = new double[points];
      ts[i][0] = random.nextDouble();
      for (int j = 1; j < points; j++) {
        double gap = j % 2 == 0 ? 1e-3 : 0.3 + random.nextDouble();
        ts[i][j] = ts[i][j - 1] + direction * gap;
      }
    }
    return Trajectories.of(dim, y0, ts);
  }

  private static Loss squares() {
    return (trajectory, ts, ys, gradYs) -> {
      double loss = 0;
      for (int i = 0; i < ys.length; i++) {
        double target = Math.cos(i + trajectory);
        loss += (ys[i] - target) * (ys[i] - target);
        gradYs[i] = 2 * (ys[i] - target);
      }
      return loss;
    };
  }

  private void assertSame(
      OdeSolve how, MlpShape shape, Trajectories data, ThetaGradient kind, long bytes) {
    double[] theta = shape.normal(0.6, 3);
    Gradients expected =
        new DiscreteAdjoint(how, new Mlp(shape, theta), kind, StepMemory.recompute())
            .gradient(data, squares());
    DeviceAdjoint device =
        new DeviceAdjoint(how, shape, theta, FieldPrecision.FLOAT64, kind, bytes);
    // Twice: what is kept from call to call must not matter.
    device.gradient(data, squares());
    Gradients gradients = device.gradient(data, squares());
    for (int i = 0; i < data.count(); i++) {
      Solution solution = gradients.solution();
      assertThat(solution.status(i)).isEqualTo(expected.solution().status(i));
      assertThat(solution.nfe(i)).isEqualTo(expected.solution().nfe(i));
      assertThat(solution.stepsAccepted(i)).isEqualTo(expected.solution().stepsAccepted(i));
      assertThat(solution.stepsRejected(i)).isEqualTo(expected.solution().stepsRejected(i));
      assertThat(gradients.nfeBackward(i)).isEqualTo(expected.nfeBackward(i));
      assertClose(solution.ys(i), expected.solution().ys(i));
      assertClose(gradients.gradY0(i), expected.gradY0(i));
      assertClose(gradients.gradT(i), expected.gradT(i));
      if (kind == ThetaGradient.PER_TRAJECTORY) {
        assertClose(gradients.gradTheta(i), expected.gradTheta(i));
      }
    }
    if (kind == ThetaGradient.SUM) {
      assertClose(gradients.gradTheta(), expected.gradTheta());
    }
  }

  private static void assertClose(double[] actual, double[] expected) {
    double size = Math.max(1, Arrays.stream(expected).map(Math::abs).max().orElse(0));
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(1e-10 * size));
    }
  }

  /** Where f has kinks, how steps adapt makes more of a rounding: see the next test. */
  @ParameterizedTest
  @EnumSource(value = Activation.class, mode = EnumSource.Mode.EXCLUDE, names = "RELU")
  void agreesWithTheJavaEngine(Activation activation) {
    assertSame(
        dopri5(), shape(activation), trajectories(3, 9), ThetaGradient.PER_TRAJECTORY, PLENTY);
  }

  @Test
  void agreesWithTheJavaEngineWhereTheFieldHasKinks() {
    OdeSolve how = OdeSolve.with(Tableaus.named("dopri5"), StepSizeController.fixed(0.05));
    assertSame(
        how, shape(Activation.RELU), trajectories(3, 9), ThetaGradient.PER_TRAJECTORY, PLENTY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tsit5", "dop853", "bosh3", "fehlberg2"})
  void agreesWithTheJavaEngineByEveryAdaptiveMethod(String method) {
    OdeSolve how = OdeSolve.with(Tableaus.named(method), TIGHT);
    assertSame(how, shape(Activation.TANH), trajectories(3, 9), ThetaGradient.SUM, PLENTY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rk4", "heun", "midpoint", "euler"})
  void agreesWithTheJavaEngineInStepsOfOneSize(String method) {
    OdeSolve how = OdeSolve.with(Tableaus.named(method), StepSizeController.fixed(0.07));
    assertSame(how, shape(Activation.SIN), trajectories(3, 9), ThetaGradient.SUM, PLENTY);
  }

  @Test
  void agreesWithTheJavaEngineWithTimePowersAndAugmentedComponents() {
    MlpShape shape = MlpShape.of(2, Activation.TANH, 10).withPower(3).withTime().withAugmented(1);
    assertSame(dopri5(), shape, trajectories(3, 9), ThetaGradient.PER_TRAJECTORY, PLENTY);
  }

  @Test
  void agreesWithTheJavaEngineWithoutHiddenLayersAndForOneTrajectory() {
    assertSame(
        dopri5(), MlpShape.of(3, Activation.TANH), trajectories(3, 1), ThetaGradient.SUM, PLENTY);
  }

  @Test
  void statesThatWereNotKeptAreComputedAgain() {
    assertSame(dopri5(), shape(Activation.TANH), trajectories(3, 9), ThetaGradient.SUM, 15_000);
  }

  @Test
  void batchesMayDifferInSize() {
    MlpShape shape = shape(Activation.TANH);
    double[] theta = shape.normal(0.6, 3);
    DeviceAdjoint device =
        new DeviceAdjoint(
            dopri5(), shape, theta, FieldPrecision.FLOAT64, ThetaGradient.SUM, PLENTY);
    for (int count : new int[] {20, 3, 40}) {
      Trajectories data = trajectories(3, count);
      Gradients expected =
          new DiscreteAdjoint(
                  dopri5(), new Mlp(shape, theta), ThetaGradient.SUM, StepMemory.recompute())
              .gradient(data, squares());
      assertClose(device.gradient(data, squares()).gradTheta(), expected.gradTheta());
    }
  }

  @Test
  void bytesThatAreGivenAreKeptTo() {
    MlpShape shape = shape(Activation.TANH);
    OdeSolve how = OdeSolve.with(Tableaus.named("bosh3"), StepSizeController.fixed(0.01));
    Trajectories data = Trajectories.of(3, random.doubles(24).toArray(), 0, 2);
    long most = 0;
    for (long bytes : new long[] {4_000, 20_000, PLENTY}) {
      long peak =
          new DeviceAdjoint(
                  how, shape, shape.normal(1, 3), FieldPrecision.FLOAT64, ThetaGradient.NONE, bytes)
              .gradient(data, squares())
              .peakBytes();
      assertThat(peak).isGreaterThan(most).isLessThanOrEqualTo(bytes);
      most = peak;
    }
  }

  @Test
  void singlePrecisionAgreesToItsRounding() {
    MlpShape shape = shape(Activation.TANH);
    double[] theta = shape.normal(0.6, 3);
    Trajectories data = trajectories(3, 9);
    OdeSolve how = OdeSolve.with(Tableaus.named("dopri5"), StepSizeController.adaptive(1e-4, 1e-5));
    Gradients expected =
        new DiscreteAdjoint(how, new Mlp(shape, theta), ThetaGradient.SUM, StepMemory.recompute())
            .gradient(data, squares());
    Gradients gradients =
        new DeviceAdjoint(how, shape, theta, FieldPrecision.FLOAT32, ThetaGradient.SUM, PLENTY)
            .gradient(data, squares());
    double size = Arrays.stream(expected.gradTheta()).map(Math::abs).max().orElseThrow();
    for (int p = 0; p < theta.length; p++) {
      assertThat(gradients.gradTheta()[p]).isCloseTo(expected.gradTheta()[p], within(1e-3 * size));
    }
  }

  @Test
  void whatFailsHarmsNoOther() {
    MlpShape shape = MlpShape.of(2, Activation.RELU, 8).withPower(3);
    double[] theta = shape.normal(1, 5);
    double[] y0 = {0.1, 0.2, Double.NaN, 1, 40, 60, 0.3, -0.1, 1e200, 1e200, -0.2, 0.1};
    Trajectories data = Trajectories.of(2, y0, 0, 0.2, 0.5);
    OdeSolve how = dopri5().maxSteps(300);
    Gradients expected =
        new DiscreteAdjoint(how, new Mlp(shape, theta), ThetaGradient.SUM, StepMemory.recompute())
            .gradient(data, squares());
    Gradients gradients =
        new DeviceAdjoint(how, shape, theta, FieldPrecision.FLOAT64, ThetaGradient.SUM, PLENTY)
            .gradient(data, squares());
    for (int i = 0; i < data.count(); i++) {
      assertThat(gradients.status(i)).isEqualTo(expected.status(i));
    }
    assertThat(gradients.status(1)).isEqualTo(SolveStatus.BAD_INITIAL);
    assertThat(gradients.status(4).isSuccess()).isFalse();
    assertThat(gradients.gradY0(4)).containsOnly(Double.NaN);
    assertClose(gradients.gradTheta(), expected.gradTheta());
    assertClose(gradients.gradY0(3), expected.gradY0(3));
  }

  @Test
  void refusesWhatItDoesNotHave() {
    MlpShape shape = shape(Activation.TANH);
    double[] theta = shape.normal(1, 1);
    OdeSolve shared = dopri5().stepControl(StepControl.SHARED);
    assertThatThrownBy(() -> new DeviceSolve(shared, shape, theta, FieldPrecision.FLOAT64))
        .hasMessage("Cannot solve on ND4J arrays: steps are each trajectory's own, not shared.");
    OdeSolve implicit = OdeSolve.with(Tableaus.named("kvaerno5"), TIGHT);
    assertThatThrownBy(() -> new DeviceSolve(implicit, shape, theta, FieldPrecision.FLOAT64))
        .hasMessageContaining("not kvaerno5");
    DeviceSolve solve = new DeviceSolve(dopri5(), shape, theta, FieldPrecision.FLOAT64);
    assertThatThrownBy(() -> solve.solve(Trajectories.of(2, new double[2], 0, 1)))
        .hasMessage("The field has 3 components, the initial states have 2.");
  }
}
