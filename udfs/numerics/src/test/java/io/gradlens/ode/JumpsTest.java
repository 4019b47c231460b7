package io.gradlens.ode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields that jump at known times. */
class JumpsTest {
  private static final StepSizeController TIGHT = StepSizeController.adaptive(1e-12, 1e-12);

  static Stream<ButcherTableau> goodMethods() {
    return Stream.of(Tableaus.DOPRI5, Tableaus.TSIT5, Tableaus.DOP853).map(Tableaus::tableau);
  }

  /** y' = −y + s with s = 1 before the jump and −2 from it on; y = 1 there. */
  private static Problem relay(double jump) {
    return new Problem(
        "relay",
        1,
        (t, y, dydt) -> dydt[0] = (t < jump ? 1 : -2) - y[0],
        t -> new double[] {t < jump ? 1 - .5 * Math.exp(jump - t) : -2 + 2.5 * Math.exp(jump - t)});
  }

  @ParameterizedTest
  @MethodSource("goodMethods")
  void aNamedJumpCostsNoAccuracyInEitherDirection(ButcherTableau tableau) {
    for (double jump : new double[] {1, 0, -0., -.3, 1 / 3.}) {
      Problem relay = relay(jump);
      OdeSolve how = OdeSolve.with(tableau, TIGHT).jumpAt(-50, jump, 50);
      for (StepControl control : StepControl.values()) {
        for (SaveAt save : SaveAt.values()) {
          for (double[] times :
              new double[][] {
                {-1, -.5, jump, 1.2, 2},
                {2, 1.2, jump, -.5, -1},
                {jump, jump + 1},
                {jump + 1, jump},
                {jump, jump - 1},
                {jump - 1, jump}
              }) {
            Solution solved =
                how.stepControl(control).saveAt(save).solve(relay.field(), relay.from(times));
            String where = "%s %s jump %s from %s".formatted(control, save, jump, times[0]);
            assertThat(solved.status(0)).as(where).isEqualTo(SolveStatus.SUCCESS);
            assertThat(solved.reached(0)).as(where).isEqualTo(times[times.length - 1]);
            assertThat(relay.error(solved)).as(where).isLessThan(1e-10);
            assertThat(solved.stepsRejected(0)).as(where).isLessThan(8);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 0, .25})
  void interpolantsAreRightOnBothSidesOfAJump(double jump) {
    Problem relay = relay(jump);
    OdeSolve how =
        OdeSolve.with(Tableaus.DOP853.tableau(), TIGHT).jumpAt(jump).saveAt(SaveAt.DENSE);
    for (double[] times : new double[][] {{-1, 2}, {2, -1}, {-1, jump}, {jump, 2}, {2, jump}}) {
      Solution solved = how.solve(relay.field(), relay.from(times));
      double low = Math.min(times[0], times[1]);
      double high = Math.max(times[0], times[1]);
      for (double t : DoubleStream.iterate(low, t -> t <= high, t -> t + .0625).toArray()) {
        assertThat(solved.at(0, t))
            .as("from %s at %s", times[0], t)
            .containsExactly(relay.solution().apply(t), within(1e-10));
      }
    }
  }

  @Test
  void aJumpThatIsNotNamedCostsSteps() {
    Problem relay = relay(1);
    OdeSolve how = OdeSolve.with(Tableaus.DOPRI5.tableau(), TIGHT);
    Solution unnamed = how.solve(relay.field(), relay.from(0, 2));
    Solution named = how.jumpAt(1).solve(relay.field(), relay.from(0, 2));
    assertThat(unnamed.stepsRejected(0)).isGreaterThan(named.stepsRejected(0) + 5);
  }

  @Test
  void manyJumpsOfAStepFunction() {
    double[] jumps = new double[41];
    for (int j = 0; j < 41; j++) {
      jumps[j] = j / 4.;
    }
    VectorField field =
        new SlopeField(1, (t, y, dydt) -> dydt[0] = Math.floor(4 * t) % 2 == 0 ? 3 : -1);
    Solution solved =
        OdeSolve.with(Tableaus.TSIT5.tableau(), TIGHT)
            .jumpAt(jumps)
            .solve(field, Trajectories.of(1, new double[] {0}, 0, .25, .375, 9.75, 10));
    assertThat(solved.ys(0)).containsExactly(new double[] {0, .75, .625, 10.25, 10}, within(1e-12));
    assertThat(solved.stepsRejected(0)).isZero();
  }

  /** Problems F1, F2 and F4 of DETEST (Enright &amp; Pryce 1987), whose fields jump. */
  @ParameterizedTest
  @MethodSource("goodMethods")
  void publishedProblemsWithJumpsAreSolved(ButcherTableau tableau) {
    double a = .1;
    double w = Math.PI * Math.PI + a * a;
    VectorField f1 =
        new SlopeField(
            2,
            (t, y, dydt) -> {
              dydt[0] = y[1];
              dydt[1] = 2 * a * y[1] - w * y[0] + (Math.floor(t) % 2 == 0 ? 1 : -1);
            });
    VectorField f2 =
        new SlopeField(
            1, (t, y, dydt) -> dydt[0] = 55 - (Math.floor(t) % 2 == 0 ? 1.5 : .5) * y[0]);
    VectorField f4 =
        new SlopeField(
            1,
            (t, y, dydt) ->
                dydt[0] =
                    t < 10
                        ? -2 / 21. - 120 * (t - 5) / Math.pow(1 + 4 * (t - 5) * (t - 5), 16)
                        : -2 * y[0]);
    double[] integers = DoubleStream.iterate(1, t -> t + 1).limit(20).toArray();
    OdeSolve how = OdeSolve.with(tableau, TIGHT).jumpAt(integers);
    Solution s1 = how.solve(f1, Trajectories.of(2, new double[2], 0, 20));
    Solution s2 = how.solve(f2, Trajectories.of(1, new double[] {110}, 0, 20));
    Solution s4 = how.solve(f4, Trajectories.of(1, new double[] {1}, 0, 20));
    assertThat(s1.y(0, 1, 0)).isCloseTo(-12.94460621213470, within(1e-9));
    assertThat(s1.y(0, 1, 1)).isCloseTo(-2.208575158908672e-15, within(1e-9));
    assertThat(s2.y(0, 1, 0)).isCloseTo(70.03731057008607, within(1e-9));
    assertThat(s4.y(0, 1, 0)).isCloseTo(9.815017249707434e-11, within(1e-12));
  }
}
