package io.gradlens.ode.adjoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradlens.ode.ButcherTableau;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.StepControl;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Tableaus;
import io.gradlens.ode.ThetaGradient;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients of what the solver computed, to rounding. */
class DiscreteAdjointTest {
  private static final double ALLOWED = 1e-9;

  static List<ButcherTableau> explicitMethods() {
    return Arrays.stream(Tableaus.values())
        .map(Tableaus::tableau)
        .filter(tableau -> tableau.gamma() == 0)
        .toList();
  }

  static Stream<Arguments> cases() {
    return explicitMethods().stream()
        .flatMap(
            tableau ->
                AdjointCase.all().stream()
                    .flatMap(each -> Stream.of(each, each.backwards()))
                    .map(each -> Arguments.of(tableau, each)));
  }

  static OdeSolve loose(ButcherTableau tableau) {
    return OdeSolve.with(
        tableau,
        tableau.estimates() > 0
            ? StepSizeController.adaptive(1e-3, 1e-3)
            : StepSizeController.fixed(.15));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientsMatchCentralDifferencesOfTheFrozenSteps(ButcherTableau tableau, AdjointCase data) {
    OdeSolve loose = loose(tableau);
    for (OdeSolve how :
        new OdeSolve[] {
          loose,
          loose.landingOnTimes(),
          loose.stepTo(data.times()[2]),
          loose.stepControl(StepControl.SHARED)
        }) {
      AdjointCase.Differences expected = data.new Differences(how);
      Gradients each =
          new DiscreteAdjoint(how, data.field(), ThetaGradient.PER_TRAJECTORY, StepMemory.store())
              .gradient(data.trajectories(), AdjointCase::loss);
      assertThat(each.solution().isSuccess()).isTrue();
      double[] sum = new double[data.field().params()];
      for (int i = 0; i < data.count(); i++) {
        assertThat(each.loss(i)).isCloseTo(expected.losses[i], within(1e-11));
        assertClose("y0", each.gradY0(i), expected.y0[i], i, how);
        assertClose("times", each.gradT(i), expected.t[i], i, how);
        assertClose("theta", each.gradTheta(i), expected.theta[i], i, how);
        for (int p = 0; p < sum.length; p++) {
          sum[p] += expected.theta[i][p];
        }
      }
      Gradients summed =
          new DiscreteAdjoint(how, data.field(), ThetaGradient.SUM, StepMemory.recompute())
              .gradient(data.trajectories(), AdjointCase::loss);
      assertClose("sum of theta", summed.gradTheta(), sum, -1, how);
      assertThat(summed.loss()).isCloseTo(each.loss(), within(1e-12));
    }
  }

  private static void assertClose(
      String what, double[] actual, double[] expected, int i, OdeSolve how) {
    assertThat(AdjointCase.distance(actual, expected))
        .as(
            "%s of trajectory %d, %s: %s, expected %s",
            what, i, how.stepControl(), Arrays.toString(actual), Arrays.toString(expected))
        .isLessThan(ALLOWED);
  }
}
