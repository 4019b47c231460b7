package io.gradlens.ode.adjoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.SolveStatus;
import io.gradlens.ode.StepControl;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Tableaus;
import io.gradlens.ode.ThetaGradient;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.field.ExpressionField;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients of the continuous problem, as good as the tolerances. */
class BacksolveAdjointTest {

  static Stream<AdjointCase> cases() {
    return AdjointCase.all().stream().flatMap(each -> Stream.of(each, each.backwards()));
  }

  private static OdeSolve solve(Tableaus method, double tolerance) {
    return OdeSolve.with(method.tableau(), StepSizeController.adaptive(tolerance, tolerance / 100));
  }

  private static Gradients backsolve(
      OdeSolve how, AdjointCase data, ThetaGradient kind, ThetaNorm norm) {
    return new BacksolveAdjoint(how, how, data.field(), kind, norm)
        .gradient(data.trajectories(), AdjointCase::loss);
  }

  private static Gradients discrete(OdeSolve how, AdjointCase data, ThetaGradient kind) {
    return new DiscreteAdjoint(how, data.field(), kind, StepMemory.store())
        .gradient(data.trajectories(), AdjointCase::loss);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void itAgreesWithTheDiscreteAdjointToTheTolerance(AdjointCase data) {
    for (Tableaus method : new Tableaus[] {Tableaus.DOPRI5, Tableaus.TSIT5, Tableaus.DOP853}) {
      OdeSolve how = solve(method, 1e-10);
      Gradients expected = discrete(how, data, ThetaGradient.PER_TRAJECTORY);
      for (ThetaNorm norm : ThetaNorm.values()) {
        Gradients actual = backsolve(how, data, ThetaGradient.PER_TRAJECTORY, norm);
        for (int i = 0; i < data.count(); i++) {
          String where = "%s, %s, trajectory %d".formatted(method, norm, i);
          assertClose(actual.gradY0(i), expected.gradY0(i), where + ", y0");
          assertClose(actual.gradT(i), expected.gradT(i), where + ", times");
          assertClose(actual.gradTheta(i), expected.gradTheta(i), where + ", theta");
        }
        Gradients sum = backsolve(how, data, ThetaGradient.SUM, norm);
        Gradients shared =
            backsolve(how.stepControl(StepControl.SHARED), data, ThetaGradient.SUM, norm);
        Gradients total = discrete(how, data, ThetaGradient.SUM);
        assertClose(sum.gradTheta(), total.gradTheta(), method + ", sum");
        assertClose(shared.gradTheta(), total.gradTheta(), method + ", shared");
        double start = 0;
        double sharedStart = 0;
        for (int i = 0; i < data.count(); i++) {
          assertClose(shared.gradY0(i), expected.gradY0(i), method + ", shared y0");
          start += expected.gradT(i)[0];
          sharedStart += shared.gradT(i)[0];
        }
        assertThat(sharedStart)
            .as("the start of all")
            .isCloseTo(start, within(1e-7 * Math.abs(start) + 1e-8));
      }
    }
  }

  private static void assertClose(double[] actual, double[] expected, String where) {
    assertThat(AdjointCase.distance(actual, expected)).as(where).isLessThan(1e-7);
  }

  /** At this tolerance freezing the steps makes no difference, so these are the problem's own. */
  @ParameterizedTest
  @MethodSource("cases")
  void itAgreesWithDifferencesOfTightSolves(AdjointCase data) {
    OdeSolve tight = solve(Tableaus.DOP853, 1e-12);
    AdjointCase.Differences expected = data.new Differences(tight);
    Gradients actual = backsolve(tight, data, ThetaGradient.PER_TRAJECTORY, ThetaNorm.FULL);
    for (int i = 0; i < data.count(); i++) {
      assertThat(actual.loss(i)).isCloseTo(expected.losses[i], within(1e-10));
      assertThat(AdjointCase.distance(actual.gradY0(i), expected.y0[i])).isLessThan(3e-9);
      assertThat(AdjointCase.distance(actual.gradT(i), expected.t[i])).isLessThan(3e-9);
      assertThat(AdjointCase.distance(actual.gradTheta(i), expected.theta[i])).isLessThan(3e-9);
    }
  }

  @ParameterizedTest
  @EnumSource
  void tighterTolerancesMakeItBetter(ThetaNorm norm) {
    AdjointCase data = AdjointCase.network();
    Gradients exact = discrete(solve(Tableaus.DOP853, 1e-13), data, ThetaGradient.SUM);
    double before = 1;
    for (double tolerance : new double[] {1e-3, 1e-6, 1e-9}) {
      Gradients actual =
          backsolve(solve(Tableaus.DOPRI5, tolerance), data, ThetaGradient.SUM, norm);
      double off = AdjointCase.distance(actual.gradTheta(), exact.gradTheta());
      assertThat(off)
          .as("tolerance %s", tolerance)
          .isLessThan(30 * tolerance)
          .isLessThan(before / 30);
      before = off;
    }
  }

  /** dL/dt_i = g_i·f(t_i, z_i); dL/dt₀ = −a_z(t₀)·f(t₀, z₀) where f does not know the time. */
  @Test
  void timesHaveTheGradientsOfTheFormulas() {
    AdjointCase data = AdjointCase.lotkaVolterra();
    Gradients actual =
        backsolve(
            solve(Tableaus.DOP853, 1e-12), data, ThetaGradient.PER_TRAJECTORY, ThetaNorm.FULL);
    for (int i = 0; i < data.count(); i++) {
      double[] ys = actual.solution().ys(i);
      double[] g = new double[ys.length];
      AdjointCase.loss(i, data.times(), ys, g);
      for (int j = 0; j < data.times().length; j++) {
        double[] f = new double[2];
        data.field().apply(new double[1], new double[] {ys[2 * j], ys[2 * j + 1]}, f);
        double expected =
            j > 0
                ? g[2 * j] * f[0] + g[2 * j + 1] * f[1]
                : -(actual.gradY0(i)[0] - g[0]) * f[0] - (actual.gradY0(i)[1] - g[1]) * f[1];
        assertThat(actual.gradT(i)[j]).as("time %d", j).isCloseTo(expected, within(1e-9));
      }
    }
  }

  @Test
  void integralsOfParametersCostStepsUnlessTheyHaveNoSay() {
    AdjointCase data = AdjointCase.network();
    OdeSolve how = solve(Tableaus.DOPRI5, 1e-8);
    Gradients full = backsolve(how, data, ThetaGradient.SUM, ThetaNorm.FULL);
    Gradients semi = backsolve(how, data, ThetaGradient.SUM, ThetaNorm.SEMINORM);
    for (int i = 0; i < data.count(); i++) {
      assertThat(semi.nfeBackward(i)).isLessThanOrEqualTo(full.nfeBackward(i));
    }
    assertThat(semi.nfeBackward(0) + semi.nfeBackward(1) + semi.nfeBackward(2))
        .isLessThan(full.nfeBackward(0) + full.nfeBackward(1) + full.nfeBackward(2));
  }

  @ParameterizedTest
  @EnumSource
  void aFieldMayHaveNoParameters(StepControl control) {
    ExpressionField field = ExpressionField.parse("dx = -x*y; dy = x - y", Map.of());
    AdjointCase data =
        new AdjointCase("plain", field, new double[] {1, .5, .3, 2}, new double[] {0, .5, 1});
    OdeSolve how = solve(Tableaus.DOPRI5, 1e-10).stepControl(control);
    Gradients expected = discrete(how, data, ThetaGradient.SUM);
    for (ThetaNorm norm : ThetaNorm.values()) {
      Gradients actual = backsolve(how, data, ThetaGradient.SUM, norm);
      assertThat(actual.gradTheta()).isEmpty();
      for (int i = 0; i < 2; i++) {
        assertClose(actual.gradY0(i), expected.gradY0(i), norm + ", y0");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void thetaMayBeLeftOut(StepControl control) {
    AdjointCase data = AdjointCase.lotkaVolterra();
    OdeSolve how = solve(Tableaus.TSIT5, 1e-10).stepControl(control);
    Gradients expected = discrete(how, data, ThetaGradient.NONE);
    Gradients actual = backsolve(how, data, ThetaGradient.NONE, ThetaNorm.FULL);
    for (int i = 0; i < 3; i++) {
      assertClose(actual.gradY0(i), expected.gradY0(i), "y0");
    }
    for (Gradients each : new Gradients[] {actual, expected}) {
      assertThatThrownBy(each::gradTheta)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("made with ThetaGradient.NONE");
      assertThatThrownBy(() -> each.gradTheta(0))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("made with ThetaGradient.NONE");
    }
  }

  @Test
  void aSingleTimeHasTheLossOfTheStartOnly() {
    AdjointCase data = AdjointCase.lotkaVolterra();
    Trajectories starts = Trajectories.of(2, data.y0(), 3);
    for (StepControl control : StepControl.values()) {
      OdeSolve how = solve(Tableaus.DOPRI5, 1e-6).stepControl(control);
      for (Gradients actual :
          new Gradients[] {
            new BacksolveAdjoint(how, how, data.field(), ThetaGradient.SUM, ThetaNorm.FULL)
                .gradient(starts, AdjointCase::loss),
            new DiscreteAdjoint(how, data.field(), ThetaGradient.SUM, StepMemory.store())
                .gradient(starts, AdjointCase::loss)
          }) {
        double[] g = new double[2];
        AdjointCase.loss(1, null, new double[] {data.y0()[2], data.y0()[3]}, g);
        assertThat(actual.gradY0(1)).containsExactly(g);
        assertThat(actual.gradT(1)).containsExactly(0);
        assertThat(actual.gradTheta()).containsExactly(0, 0, 0, 0);
      }
    }
  }

  @Test
  void failuresCountInNoSum() {
    ExpressionField field = ExpressionField.parse("dx = -a*x - b*log(x)", Map.of("a", .5, "b", .2));
    double[] times = {0, .4, 1};
    double[] good = {1, 2};
    double[] all = {1, -1, Double.NaN, 2};
    for (OdeSolve how :
        new OdeSolve[] {
          solve(Tableaus.DOPRI5, 1e-9),
          OdeSolve.with(Tableaus.RK4.tableau(), StepSizeController.fixed(.02)),
          OdeSolve.with(
              Tableaus.TSIT5.tableau(), StepSizeController.adaptive(1e-9, 1e-9).withFirstStep(.01))
        }) {
      for (StepMemory memory : new StepMemory[] {StepMemory.store(), StepMemory.recompute()}) {
        DiscreteAdjoint adjoint = new DiscreteAdjoint(how, field, ThetaGradient.SUM, memory);
        Gradients some =
            adjoint.gradient(
                Trajectories.of(1, good, times), (i, ts, ys, g) -> AdjointCase.loss(0, ts, ys, g));
        Gradients mixed =
            adjoint.gradient(
                Trajectories.of(1, all, times), (i, ts, ys, g) -> AdjointCase.loss(0, ts, ys, g));
        assertThat(mixed.solution().isSuccess()).isFalse();
        assertThat(mixed.loss()).isEqualTo(some.loss());
        assertThat(mixed.loss(1)).isNaN();
        assertThat(mixed.gradY0(2)).containsOnly(Double.NaN);
        assertThat(mixed.gradY0(3)).containsExactly(some.gradY0(1));
        assertThat(mixed.gradTheta()).containsExactly(some.gradTheta(), within(1e-14));
      }
    }
    OdeSolve how = solve(Tableaus.DOPRI5, 1e-9);
    BacksolveAdjoint adjoint =
        new BacksolveAdjoint(how, how, field, ThetaGradient.SUM, ThetaNorm.FULL);
    Gradients some =
        adjoint.gradient(
            Trajectories.of(1, good, times), (i, ts, ys, g) -> AdjointCase.loss(0, ts, ys, g));
    Gradients mixed =
        adjoint.gradient(
            Trajectories.of(1, all, times), (i, ts, ys, g) -> AdjointCase.loss(0, ts, ys, g));
    assertThat(mixed.gradTheta()).containsExactly(some.gradTheta(), within(1e-14));
    assertThat(mixed.gradY0(1)).containsOnly(Double.NaN);
  }

  @Test
  void aBackwardSolveThatFailsSaysSoAndCountsInNoSum() {
    ExpressionField field = ExpressionField.parse("dx = -a*x", Map.of("a", .5));
    double[][] times = {{0, .1}, {0, 40}};
    OdeSolve how = solve(Tableaus.DOPRI5, 1e-9);
    for (ThetaGradient kind : new ThetaGradient[] {ThetaGradient.SUM, ThetaGradient.NONE}) {
      BacksolveAdjoint adjoint =
          new BacksolveAdjoint(how, how.maxSteps(9), field, kind, ThetaNorm.FULL);
      Gradients both =
          adjoint.gradient(
              Trajectories.of(1, new double[] {1, 1}, times),
              (i, ts, ys, g) -> AdjointCase.loss(0, ts, ys, g));
      assertThat(both.status(0)).isEqualTo(SolveStatus.SUCCESS);
      assertThat(both.status(1)).isEqualTo(SolveStatus.MAX_STEPS);
      assertThat(both.solution().isSuccess()).isTrue();
      assertThat(both.loss(1)).isFinite();
      assertThat(both.gradY0(1)).containsOnly(Double.NaN);
      assertThat(both.gradT(1)).containsOnly(Double.NaN);
      assertThat(both.gradY0(0)[0]).isFinite();
      if (kind == ThetaGradient.SUM) {
        Gradients first =
            adjoint.gradient(
                Trajectories.of(1, new double[] {1}, 0, .1),
                (i, ts, ys, g) -> AdjointCase.loss(0, ts, ys, g));
        assertThat(both.gradTheta()).containsExactly(first.gradTheta());
      }
    }
  }

  @Test
  void misuseIsAnswered() {
    AdjointCase data = AdjointCase.lotkaVolterra();
    OdeSolve own = solve(Tableaus.DOPRI5, 1e-6);
    OdeSolve shared = own.stepControl(StepControl.SHARED);
    assertThatThrownBy(
            () ->
                new BacksolveAdjoint(own, shared, data.field(), ThetaGradient.SUM, ThetaNorm.FULL))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PER_TRAJECTORY, the backward one SHARED");
    assertThatThrownBy(() -> backsolve(shared, data, ThetaGradient.PER_TRAJECTORY, ThetaNorm.FULL))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ask for ThetaGradient.SUM");
    assertThatThrownBy(
            () ->
                new DiscreteAdjoint(own, data.field(), ThetaGradient.SUM, StepMemory.store())
                    .gradient(Trajectories.of(3, new double[3], 0, 1), AdjointCase::loss))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("The field has 2 components, the initial states have 3");
  }
}
