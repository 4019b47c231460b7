package io.gradlens.ode.adjoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradlens.ode.ButcherTableau;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.StepControl;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Tableaus;
import io.gradlens.ode.ThetaGradient;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.nn.Activation;
import io.gradlens.ode.nn.Mlp;
import io.gradlens.ode.nn.MlpShape;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is kept of the forward solve changes the cost, not the gradients. */
class StepMemoryTest {

  static Stream<ButcherTableau> methods() {
    return Stream.of(Tableaus.BOSH3, Tableaus.DOPRI5, Tableaus.RK4, Tableaus.DOP853)
        .map(Tableaus::tableau);
  }

  private static Gradients gradients(
      OdeSolve how, AdjointCase data, Trajectories starts, StepMemory memory, ThetaGradient kind) {
    return new DiscreteAdjoint(how, data.field(), kind, memory).gradient(starts, AdjointCase::loss);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void gradientsAreTheSameBitForBit(ButcherTableau tableau) {
    for (AdjointCase data : AdjointCase.all()) {
      Trajectories starts = many(data, 21);
      for (StepControl control : StepControl.values()) {
        OdeSolve how = DiscreteAdjointTest.loose(tableau).stepControl(control).lanes(8);
        for (ThetaGradient kind : ThetaGradient.values()) {
          Gradients stored = gradients(how, data, starts, StepMemory.store(), kind);
          for (StepMemory memory :
              new StepMemory[] {
                StepMemory.recompute(),
                StepMemory.checkpoints(1),
                StepMemory.checkpoints(3000),
                StepMemory.checkpoints(20_000)
              }) {
            String where = "%s %s %s %s".formatted(data, control, kind, memory);
            assertSame(gradients(how, data, starts, memory, kind), stored, kind, 21, where);
          }
        }
      }
    }
  }

  private static Trajectories many(AdjointCase data, int count) {
    int dim = data.field().dim();
    double[] y0 = new double[count * dim];
    Random random = new Random(AdjointCase.SEED);
    for (int i = 0; i < y0.length; i++) {
      y0[i] = data.y0()[i % data.y0().length] * (.8 + .3 * random.nextDouble());
    }
    return Trajectories.of(dim, y0, data.times());
  }

  static void assertSame(
      Gradients actual, Gradients expected, ThetaGradient kind, int count, String where) {
    for (int i = 0; i < count; i++) {
      assertBits(actual.gradY0(i), expected.gradY0(i), where + ", y0 of " + i);
      assertBits(actual.gradT(i), expected.gradT(i), where + ", times of " + i);
      if (kind == ThetaGradient.PER_TRAJECTORY) {
        assertBits(actual.gradTheta(i), expected.gradTheta(i), where + ", theta of " + i);
      }
    }
    if (kind == ThetaGradient.SUM) {
      assertBits(actual.gradTheta(), expected.gradTheta(), where + ", theta");
    }
  }

  private static void assertBits(double[] actual, double[] expected, String where) {
    if (!Arrays.equals(actual, expected)) {
      assertThat(actual).as("%s, seed %d", where, AdjointCase.SEED).isEqualTo(expected);
    }
  }

  @Test
  void checkpointsStayNearTheirBudgetHoweverManyStepsThereAre() {
    AdjointCase data = wide();
    long budget = 300_000;
    long[] stored = new long[3];
    long[] recomputed = new long[3];
    for (int doubling = 0; doubling < 3; doubling++) {
      Trajectories starts = Trajectories.of(data.field().dim(), data.y0(), 0, 1, 2 << doubling);
      OdeSolve how = OdeSolve.with(Tableaus.DOPRI5.tableau(), StepSizeController.fixed(.01));
      Gradients store = gradients(how, data, starts, StepMemory.store(), ThetaGradient.SUM);
      Gradients again = gradients(how, data, starts, StepMemory.recompute(), ThetaGradient.SUM);
      Gradients some =
          gradients(how, data, starts, StepMemory.checkpoints(budget), ThetaGradient.SUM);
      stored[doubling] = store.peakBytes();
      recomputed[doubling] = again.peakBytes();
      // The times of steps are kept in any case.
      long steps = 28L * 8 * some.solution().stepsAccepted(0);
      assertThat(some.peakBytes() - steps).isBetween(budget / 4, budget);
      assertSame(some, store, ThetaGradient.SUM, data.count(), "steps to " + (2 << doubling));
    }
    for (int doubling = 1; doubling < 3; doubling++) {
      assertThat(stored[doubling]).isGreaterThan(stored[doubling - 1] * 19 / 10);
      assertThat(recomputed[doubling]).isGreaterThan(recomputed[doubling - 1] * 19 / 10);
      assertThat(recomputed[doubling]).isLessThan(stored[doubling] / 3);
    }
  }

  /** Twenty components, so that states weigh more than the times of steps. */
  private static AdjointCase wide() {
    MlpShape shape = MlpShape.of(20, Activation.TANH, 5);
    Random random = new Random(AdjointCase.SEED);
    double[] theta = random.doubles(shape.params(), -.3, .3).toArray();
    double[] y0 = random.doubles(8 * 20, -1, 1).toArray();
    return new AdjointCase("wide", new Mlp(shape, theta), y0, new double[] {0, 1});
  }

  @Test
  void aLossThatThrowsLeavesNothingBehind() {
    AdjointCase data = AdjointCase.lotkaVolterra();
    OdeSolve how = OdeSolve.with(Tableaus.DOPRI5.tableau(), StepSizeController.fixed(.01)).lanes(8);
    double[] y0 = new double[400];
    Arrays.fill(y0, 1.1);
    Trajectories few = Trajectories.of(2, Arrays.copyOf(y0, 16), 0, 1);
    Trajectories many = Trajectories.of(2, y0, 0, .05);
    // Few trajectories of many steps leave states that many of few steps thin out earlier.
    for (int bytes = 98_000; bytes < 106_000; bytes += 1000) {
      StepMemory memory = StepMemory.checkpoints(bytes);
      DiscreteAdjoint adjoint = new DiscreteAdjoint(how, data.field(), ThetaGradient.SUM, memory);
      assertThatThrownBy(
              () ->
                  adjoint.gradient(
                      few,
                      (i, ts, ys, gradYs) -> {
                        throw new IllegalStateException("no loss");
                      }))
          .hasMessage("no loss");
      Gradients fresh = gradients(how, data, many, memory, ThetaGradient.SUM);
      Gradients reused = adjoint.gradient(many, AdjointCase::loss);
      assertSame(reused, fresh, ThetaGradient.SUM, 200, memory.toString());
    }
  }

  @Test
  void anInstanceGivesTheSameAgain() {
    AdjointCase data = AdjointCase.network();
    OdeSolve how = DiscreteAdjointTest.loose(Tableaus.TSIT5.tableau());
    DiscreteAdjoint adjoint =
        new DiscreteAdjoint(how, data.field(), ThetaGradient.SUM, StepMemory.checkpoints(4000));
    Gradients first = adjoint.gradient(data.trajectories(), AdjointCase::loss);
    adjoint.gradient(many(data, 70), AdjointCase::loss);
    adjoint.gradient(data.backwards().trajectories(), AdjointCase::loss);
    Gradients again = adjoint.gradient(data.trajectories(), AdjointCase::loss);
    assertSame(again, first, ThetaGradient.SUM, data.count(), "again");
  }

  @Test
  void checkpointsNeedBytes() {
    assertThatThrownBy(() -> StepMemory.checkpoints(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("above 0 for checkpoints, got 0");
  }
}
