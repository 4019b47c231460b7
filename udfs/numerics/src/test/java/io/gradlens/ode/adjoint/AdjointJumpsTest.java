package io.gradlens.ode.adjoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradlens.ode.ButcherTableau;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.StepControl;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Tableaus;
import io.gradlens.ode.ThetaGradient;
import io.gradlens.ode.Trajectories;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients across a jump of the field, against the solution in closed form. */
class AdjointJumpsTest {
  private static final double Y0 = .3;

  static Stream<ButcherTableau> methods() {
    return Stream.of(Tableaus.DOPRI5, Tableaus.TSIT5, Tableaus.DOP853).map(Tableaus::tableau);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void gradientsAreThoseOfTheClosedForm(ButcherTableau tableau) {
    for (double jump : new double[] {0, .8}) {
      for (double[] times :
          new double[][] {
            {jump - .9, jump - .3, jump + .2, jump + 1},
            {jump + 1, jump + .2, jump - .3, jump - .9},
            {jump - .9, jump - .3, jump, jump + .2, jump + 1},
            {jump + 1, jump + .2, jump, jump - .3, jump - .9},
            {jump - .9, jump},
            {jump + .9, jump},
            {jump, jump + .5, jump + 2},
            {jump, jump - .5, jump - 2}
          }) {
        RelayField field = new RelayField(jump);
        Trajectories start = Trajectories.of(1, new double[] {Y0}, times);
        for (StepControl control : StepControl.values()) {
          OdeSolve how =
              OdeSolve.with(tableau, StepSizeController.adaptive(1e-12, 1e-12))
                  .jumpAt(jump)
                  .stepControl(control);
          String where = "%s, jump %s, from %s, ".formatted(control, jump, times[0]);
          for (StepMemory memory : new StepMemory[] {StepMemory.store(), StepMemory.recompute()}) {
            check(
                new DiscreteAdjoint(how, field, ThetaGradient.SUM, memory)
                    .gradient(start, AdjointCase::loss),
                jump,
                times,
                where + memory);
          }
          check(
              new BacksolveAdjoint(how, how, field, ThetaGradient.SUM, ThetaNorm.FULL)
                  .gradient(start, AdjointCase::loss),
              jump,
              times,
              where + "backsolve");
        }
      }
    }
  }

  private static void check(Gradients actual, double jump, double[] times, String where) {
    double[] theta = new RelayField(jump).theta();
    assertThat(actual.loss()).as(where).isCloseTo(loss(theta, jump, Y0, times), within(1e-10));
    assertThat(actual.gradY0(0)[0])
        .as(where + ", y0")
        .isCloseTo(AdjointCase.slope(Y0, x -> loss(theta, jump, x, times)), within(1e-8));
    for (int p = 0; p < 3; p++) {
      int at = p;
      assertThat(actual.gradTheta()[p])
          .as("%s, theta %d", where, p)
          .isCloseTo(
              AdjointCase.slope(
                  theta[p], x -> loss(AdjointCase.replaced(theta, at, x), jump, Y0, times)),
              within(1e-8));
    }
    // What is at the jump has no derivative.
    for (int j = 0; j < times.length; j++) {
      int at = j;
      if (times[j] != jump) {
        assertThat(actual.gradT(0)[j])
            .as("%s, time %d", where, j)
            .isCloseTo(
                AdjointCase.slope(
                    times[j], x -> loss(theta, jump, Y0, AdjointCase.replaced(times, at, x))),
                within(1e-8));
      }
    }
  }

  private static double loss(double[] theta, double jump, double y0, double[] times) {
    double[] ys = new double[times.length];
    ys[0] = y0;
    for (int j = 1; j < ys.length; j++) {
      ys[j] = RelayField.solution(theta, jump, times[0], y0, times[j]);
    }
    return AdjointCase.loss(0, times, ys, new double[ys.length]);
  }
}
