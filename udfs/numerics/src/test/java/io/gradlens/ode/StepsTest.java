package io.gradlens.ode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gradlens.ode.field.ExpressionField;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where steps end, which states are kept, what it costs. */
class StepsTest {
  private static final StepSizeController TIGHT = StepSizeController.adaptive(1e-8, 1e-8);

  private static final OdeSolve DOPRI5 = OdeSolve.with(Tableaus.DOPRI5.tableau(), TIGHT);

  private static final double[] TIMES = {0, .4, .7, 1.9, 2};

  static Stream<ButcherTableau> explicitMethods() {
    return Arrays.stream(Tableaus.values())
        .map(Tableaus::tableau)
        .filter(tableau -> tableau.gamma() == 0);
  }

  static Stream<ButcherTableau> adaptiveMethods() {
    return explicitMethods().filter(tableau -> tableau.estimates() > 0);
  }

  private static Solution solve(OdeSolve how, double... times) {
    Solution solved = how.solve(Problem.COUPLED.field(), Problem.COUPLED.from(times));
    assertThat(solved.status(0)).isEqualTo(SolveStatus.SUCCESS);
    return solved;
  }

  private static double[] reversed(double[] times) {
    double[] reversed = new double[times.length];
    for (int j = 0; j < times.length; j++) {
      reversed[j] = times[times.length - 1 - j];
    }
    return reversed;
  }

  @Test
  void stepsEndExactlyWhereTheyAreToldTo() {
    double[] stops = {-3, .1, .30000001, .3, 1.5, 2.5, 1.5};
    OdeSolve how = DOPRI5.saveAt(SaveAt.STEPS).stepTo(stops);
    assertThat(solve(how, 0, 2).times(0)).contains(0, .1, .3, .30000001, 1.5, 2);
    assertThat(solve(how, 2, 0).times(0)).contains(2, 1.5, .30000001, .3, .1, 0);
    assertThat(solve(how.stepControl(StepControl.SHARED), 0, 2).times(0))
        .contains(0, .1, .3, .30000001, 1.5);
    assertThat(stops).as("is copied").startsWith(-3, .1);
  }

  @Test
  void stepsLandOnATrajectorysOwnTimes() {
    for (StepControl control : StepControl.values()) {
      OdeSolve how = DOPRI5.stepControl(control).landingOnTimes().saveAt(SaveAt.STEPS);
      assertThat(solve(how, TIMES).times(0)).as("%s", control).contains(TIMES);
      assertThat(solve(how, reversed(TIMES)).times(0)).as("%s", control).contains(TIMES);
    }
  }

  @ParameterizedTest
  @MethodSource("explicitMethods")
  void aStepWithoutEndGoesFromEachTimeToTheNext(ButcherTableau tableau) {
    OdeSolve how =
        OdeSolve.with(tableau, StepSizeController.fixed(Double.POSITIVE_INFINITY))
            .saveAt(SaveAt.STEPS);
    assertThat(solve(how.landingOnTimes(), TIMES).times(0)).containsExactly(TIMES);
    assertThat(solve(how.landingOnTimes(), reversed(TIMES)).times(0))
        .containsExactly(reversed(TIMES));
    assertThat(solve(how, TIMES).times(0)).containsExactly(0, 2);
    assertThat(solve(how.stepTo(TIMES), 0, 2).times(0)).containsExactly(TIMES);
    OdeSolve shared = how.stepControl(StepControl.SHARED);
    assertThat(solve(shared.landingOnTimes(), TIMES).times(0)).containsExactly(TIMES);
    assertThat(solve(shared, TIMES).times(0)).containsExactly(0, 2);
  }

  @ParameterizedTest
  @MethodSource("adaptiveMethods")
  void stepsTakenAgainOneByOneGiveTheSameStates(ButcherTableau tableau) {
    for (double[] times : new double[][] {TIMES, reversed(TIMES)}) {
      OdeSolve adaptive = OdeSolve.with(tableau, TIGHT);
      Solution steps = solve(adaptive.saveAt(SaveAt.STEPS), times);
      OdeSolve again =
          adaptive
              .controller(StepSizeController.fixed(Double.POSITIVE_INFINITY))
              .stepTo(steps.times(0));
      Solution same = solve(again.saveAt(SaveAt.STEPS), times);
      assertThat(Arrays.equals(same.times(0), steps.times(0))).as("times").isTrue();
      // A step's size is the difference of its times here, which rounds.
      assertThat(difference(same, steps)).isLessThan(1e-10);
      assertThat(difference(solve(again, times), solve(adaptive, times))).isLessThan(1e-10);
    }
  }

  private static double difference(Solution one, Solution other) {
    double most = 0;
    for (int i = 0; i < one.ys(0).length; i++) {
      most = Math.max(most, Math.abs(one.ys(0)[i] - other.ys(0)[i]));
    }
    return most;
  }

  @ParameterizedTest
  @MethodSource("explicitMethods")
  void whatIsKeptAgrees(ButcherTableau tableau) {
    StepSizeController controller = tableau.estimates() > 0 ? TIGHT : StepSizeController.fixed(.03);
    for (StepControl control : StepControl.values()) {
      for (double[] times : new double[][] {TIMES, reversed(TIMES)}) {
        OdeSolve how = OdeSolve.with(tableau, controller).stepControl(control);
        Solution ts = solve(how.saveAt(SaveAt.TS), times);
        Solution dense = solve(how.saveAt(SaveAt.DENSE), times);
        Solution last = solve(how.saveAt(SaveAt.T1), times);
        Solution steps = solve(how.saveAt(SaveAt.STEPS), times);
        assertThat(ts.times(0)).containsExactly(times);
        assertThat(dense.times(0)).containsExactly(times);
        assertThat(dense.ys(0)).containsExactly(ts.ys(0));
        assertThat(last.times(0)).containsExactly(times[4]);
        assertThat(last.ys(0)).containsExactly(ts.y(0, 4, 0), ts.y(0, 4, 1));
        assertThat(steps.times(0)).hasSize(1 + steps.stepsAccepted(0));
        assertThat(steps.ys(0)).hasSize(2 * steps.times(0).length);
        assertThat(steps.stepsAccepted(0)).isEqualTo(ts.stepsAccepted(0));
        assertThat(steps.y(0, 0, 0)).isEqualTo(ts.y(0, 0, 0));
        for (int j = 0; j < 5; j++) {
          assertThat(dense.at(0, times[j]))
              .containsExactly(new double[] {ts.y(0, j, 0), ts.y(0, j, 1)}, within(1e-14));
        }
        for (int j = 0; j < steps.times(0).length; j++) {
          assertThat(dense.at(0, steps.times(0)[j]))
              .containsExactly(new double[] {steps.y(0, j, 0), steps.y(0, j, 1)}, within(1e-13));
        }
      }
    }
  }

  @Test
  void denseOutputIsAsGoodBetweenTimesAsAtThem() {
    for (ButcherTableau tableau : adaptiveMethods().toList()) {
      double allowed = tableau.name().equals("fehlberg2") ? 1e-4 : 1e-6;
      for (double[] times : new double[][] {{0, 2}, {2, 0}}) {
        Solution dense = solve(OdeSolve.with(tableau, TIGHT).saveAt(SaveAt.DENSE), times);
        for (double t = 0; t <= 2; t += .0103) {
          double[] exact = Problem.COUPLED.solution().apply(t);
          assertThat(dense.at(0, t))
              .as("%s at %s", tableau, t)
              .containsExactly(exact, within(allowed));
        }
      }
    }
  }

  @Test
  void lanesWithoutATrajectoryAreEvaluatedAtTimesOfOthers() {
    double[] span = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
    VectorField field =
        new SlopeField(
            1,
            (t, y, dydt) -> {
              span[0] = Math.min(span[0], t);
              span[1] = Math.max(span[1], t);
              dydt[0] = y[0] / t;
            });
    for (StepSizeController controller :
        new StepSizeController[] {
          TIGHT, StepSizeController.fixed(.1), StepSizeController.fixed(Double.POSITIVE_INFINITY)
        }) {
      Trajectories both = Trajectories.of(1, new double[] {3, 6}, new double[][] {{3, 4}, {3, 5}});
      assertThat(DOPRI5.controller(controller).solve(field, both).y(0, 1, 0))
          .isCloseTo(4, within(1e-9));
    }
    assertThat(span[0]).isGreaterThan(2.9);
    assertThat(span[1]).isLessThan(5.2);
  }

  @Test
  void timesOfEqualStepsDoNotDrift() {
    double[] ts = new double[] {0, 10};
    Solution solution =
        OdeSolve.with(Tableaus.RK4.tableau(), StepSizeController.fixed(1e-4))
            .saveAt(SaveAt.STEPS)
            .solve(Problem.COUPLED.field(), Problem.COUPLED.from(ts));
    double[] times = solution.times(0);
    assertThat(times).hasSize(100_001);
    for (int i = 0; i < times.length; i++) {
      assertThat(times[i]).isCloseTo(i * 1e-4, within(1e-14));
    }
  }

  @Test
  void statesBetweenTimesNeedDense() {
    for (SaveAt save : new SaveAt[] {SaveAt.T1, SaveAt.TS, SaveAt.STEPS}) {
      assertThatThrownBy(() -> solve(DOPRI5.saveAt(save), 0, 1).at(0, .5))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("saveAt(SaveAt.DENSE)");
    }
  }

  @Test
  void aSingleTimeIsTheInitialState() {
    for (StepControl control : StepControl.values()) {
      for (SaveAt save : SaveAt.values()) {
        Solution solved = solve(DOPRI5.stepControl(control).saveAt(save), 1.5);
        assertThat(solved.times(0)).as("%s %s", control, save).containsExactly(1.5);
        assertThat(solved.ys(0)).containsExactly(Problem.COUPLED.solution().apply(1.5));
        assertThat(solved.reached(0)).isEqualTo(1.5);
        assertThat(solved.stepsAccepted(0)).isZero();
      }
    }
  }

  @Test
  void whatFailsAtItsStartHasAsManyStatesAsTimes() {
    for (SaveAt save : SaveAt.values()) {
      Solution solved =
          DOPRI5
              .saveAt(save)
              .solve(
                  Problem.COUPLED.field(), Trajectories.of(2, new double[] {1, Double.NaN}, TIMES));
      assertThat(solved.status(0)).isEqualTo(SolveStatus.BAD_INITIAL);
      assertThat(solved.ys(0)).as("%s", save).hasSize(2 * solved.times(0).length);
    }
  }

  @ParameterizedTest
  @MethodSource("explicitMethods")
  void everyEvaluationIsCounted(ButcherTableau tableau) {
    for (SaveAt save : SaveAt.values()) {
      for (boolean isFixed : new boolean[] {true, false}) {
        if (!isFixed && tableau.estimates() == 0) {
          continue;
        }
        SlopeField field = (SlopeField) Problem.COUPLED.field();
        Solution solved =
            OdeSolve.with(tableau, isFixed ? StepSizeController.fixed(.03) : TIGHT)
                .saveAt(save)
                .solve(field, Problem.COUPLED.from(TIMES));
        assertThat(solved.nfe(0)).as("%s, fixed: %s", save, isFixed).isEqualTo((int) field.calls());
      }
    }
  }

  /** One at the start, one for the first step's size, then what each step needs. */
  @ParameterizedTest
  @MethodSource("adaptiveMethods")
  void evaluationsAreAsManyAsTheMethodsFormulaHas(ButcherTableau tableau) {
    Solution solved = solve(OdeSolve.with(tableau, TIGHT).saveAt(SaveAt.T1), 0, 2);
    int tried = tableau.stages() - 1;
    int accepted = tableau.isFsal() ? tried : tried + 1;
    assertThat(solved.nfe(0))
        .isEqualTo(2 + accepted * solved.stepsAccepted(0) + tried * solved.stepsRejected(0));
    if (tableau.name().equals("dopri5")) {
      assertThat(solved.nfe(0))
          .isEqualTo(2 + 6 * (solved.stepsAccepted(0) + solved.stepsRejected(0)));
    }
  }

  @Test
  void gainsGiveRightResultsAndSmootherSteps() {
    Solution integral = solve(DOPRI5.saveAt(SaveAt.STEPS), 0, 2);
    for (double[] gains : new double[][] {{0, 1, 0}, {.4, .3, 0}, {.3, .3, .1}, {0, .7, 0}}) {
      for (ButcherTableau tableau : adaptiveMethods().toList()) {
        OdeSolve how = OdeSolve.with(tableau, TIGHT.withGains(gains[0], gains[1], gains[2]));
        double allowed = tableau.name().equals("fehlberg2") ? 1e-4 : 1e-6;
        assertThat(Problem.COUPLED.error(solve(how, TIMES)))
            .as("%s, gains %s", tableau, Arrays.toString(gains))
            .isLessThan(allowed);
        assertThat(Problem.COUPLED.error(solve(how, reversed(TIMES))))
            .as("%s backwards, gains %s", tableau, Arrays.toString(gains))
            .isLessThan(100 * allowed);
      }
    }
    Solution same = solve(DOPRI5.saveAt(SaveAt.STEPS).controller(TIGHT.withGains(0, 1, 0)), 0, 2);
    assertThat(same.times(0)).as("the default").containsExactly(integral.times(0));
    Solution other =
        solve(DOPRI5.saveAt(SaveAt.STEPS).controller(TIGHT.withGains(.4, .3, 0)), 0, 2);
    assertThat(other.times(0)).isNotEqualTo(integral.times(0));
  }

  @Test
  void firstAndLongestStepAreObeyed() {
    Solution solved =
        solve(
            DOPRI5.saveAt(SaveAt.STEPS).controller(TIGHT.withFirstStep(.001).withBounds(0, .0035)),
            TIMES);
    double[] times = solved.times(0);
    assertThat(times[1]).isEqualTo(.001);
    for (int j = 1; j < times.length; j++) {
      assertThat(times[j] - times[j - 1]).as("step %d", j).isLessThanOrEqualTo(.0035 + 1e-12);
    }
    assertThat(times.length).isGreaterThan((int) (2 / .0035));
    Solution back =
        solve(
            DOPRI5.saveAt(SaveAt.STEPS).controller(TIGHT.withFirstStep(.001).withBounds(0, .0035)),
            reversed(TIMES));
    assertThat(back.times(0)[1]).isEqualTo(1.999);
    assertThat(back.times(0)[2] - back.times(0)[1]).isNegative().isGreaterThan(-.00351);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PER_TRAJECTORY", "SHARED"})
  void aFieldOfIntegralsOnlyHasItsErrorsControlled(StepControl control) {
    ExpressionField field = ExpressionField.parse("dx = cos(5*t); dy = exp(t)", Map.of());
    assertThat(field.quadratures()).isEqualTo(2);
    Solution solved =
        DOPRI5.stepControl(control).solve(field, Trajectories.of(2, new double[] {0, 1}, 0, 3));
    assertThat(solved.status(0)).isEqualTo(SolveStatus.SUCCESS);
    assertThat(solved.y(0, 1, 0)).isCloseTo(Math.sin(15) / 5, within(1e-6));
    assertThat(solved.y(0, 1, 1)).isCloseTo(Math.exp(3), within(1e-6));
  }

  @Test
  void integralsAreRightToo() {
    ExpressionField field = ExpressionField.parse("dx = y; dy = -x; dw = x^2", Map.of());
    assertThat(field.quadratures()).isEqualTo(1);
    for (ButcherTableau tableau : explicitMethods().toList()) {
      StepSizeController controller =
          tableau.estimates() > 0 ? TIGHT : StepSizeController.fixed(1e-3);
      Solution solved =
          OdeSolve.with(tableau, controller)
              .solve(field, Trajectories.of(3, new double[] {1, 0, 5}, 0, .6, 2));
      for (int j = 1; j < 3; j++) {
        double t = solved.times(0)[j];
        double allowed = tableau.order() == 1 ? 2e-3 : tableau.order() == 2 ? 2e-5 : 1e-6;
        assertThat(solved.y(0, j, 2))
            .as("%s at %s", tableau, t)
            .isCloseTo(5 + t / 2 + Math.sin(2 * t) / 4, within(allowed));
      }
    }
  }
}
