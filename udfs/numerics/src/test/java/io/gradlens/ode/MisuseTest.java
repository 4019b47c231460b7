package io.gradlens.ode;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Misuse is answered at once, with the values. */
class MisuseTest {
  private static final double NAN = Double.NaN;
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final StepSizeController ADAPTIVE = StepSizeController.adaptive(1e-6, 1e-6);
  private static final StepSizeController FIXED = StepSizeController.fixed(.1);
  private static final OdeSolve SOLVE = OdeSolve.with(Tableaus.DOPRI5.tableau(), ADAPTIVE);
  private static final double[] Y0 = {1, 2};
  private static final VectorField FIELD = new SlopeField(1, (t, y, dydt) -> dydt[0] = -y[0]);

  private static Arguments misuse(String message, ThrowingCallable call) {
    return Arguments.of(message, call);
  }

  static Stream<Arguments> misuses() {
    double[][] own = {{0, 1}, {0, 2}};
    return Stream.of(
        misuse("at least one time for trajectory 0", () -> Trajectories.of(1, Y0)),
        misuse("1.0 at 2 after 1.0", () -> Trajectories.of(1, Y0, 0, 1, 1)),
        misuse("trajectory 0 has 1.0 at 2 after 2.0", () -> Trajectories.of(1, Y0, 0, 2, 1, 3)),
        misuse("trajectory 0 has 2.0 at 2 after 1.0", () -> Trajectories.of(1, Y0, 3, 1, 2, 0)),
        misuse("at 1 after 0.0", () -> Trajectories.of(1, Y0, 0, 1, 0)),
        misuse("has NaN at 1", () -> Trajectories.of(1, Y0, 0, NAN, 1)),
        misuse("has NaN at 0", () -> Trajectories.of(1, Y0, NAN)),
        misuse("has Infinity at", () -> Trajectories.of(1, Y0, 0, INFINITY)),
        misuse(
            "trajectory 1 has 1.0 at 1",
            () -> Trajectories.of(1, Y0, new double[][] {{0, 2}, {0, 1, -1}})),
        misuse("trajectory 1, got none", () -> Trajectories.of(1, Y0, new double[][] {{0, 1}, {}})),
        misuse(
            "for each of 2 trajectories, got 1",
            () -> Trajectories.of(1, Y0, new double[][] {{0}})),
        misuse("3 components each, got 2", () -> Trajectories.of(3, Y0, 0, 1)),
        misuse("0 components each", () -> Trajectories.of(0, Y0, 0, 1)),
        misuse("got 0 numbers", () -> Trajectories.of(1, new double[0], 0, 1)),
        misuse(
            "each of 2 trajectories, got 1",
            () -> Trajectories.of(1, Y0, 0, 1).withTolerances(new double[1], new double[] {1, 1})),
        misuse(
            "finite tolerance above 0, got 0.0",
            () -> Trajectories.of(1, Y0, 0, 1).withTolerances(new double[2], new double[] {1, 1})),
        misuse(
            "finite tolerance above 0, got NaN",
            () ->
                Trajectories.of(1, Y0, 0, 1)
                    .withTolerances(new double[] {1, 1}, new double[] {1, NAN})),
        misuse(
            "finite tolerance above 0, got Infinity",
            () ->
                Trajectories.of(1, Y0, 0, 1)
                    .withTolerances(new double[] {1, 1}, new double[] {1, INFINITY})),
        misuse("step size above 0, got 0.0", () -> StepSizeController.fixed(0)),
        misuse("step size above 0, got -1.0", () -> StepSizeController.fixed(-1)),
        misuse("step size above 0, got NaN", () -> StepSizeController.fixed(NAN)),
        misuse("finite rtol above 0, got 0.0", () -> StepSizeController.adaptive(0, 1)),
        misuse("finite rtol above 0, got NaN", () -> StepSizeController.adaptive(NAN, 1)),
        misuse("finite rtol above 0", () -> StepSizeController.adaptive(INFINITY, 1)),
        misuse("finite atol above 0, got -1.0E-6", () -> StepSizeController.adaptive(1, -1e-6)),
        misuse("finite atol above 0", () -> StepSizeController.adaptive(1, INFINITY)),
        misuse("finite first step above 0, got 0.0", () -> ADAPTIVE.withFirstStep(0)),
        misuse("finite first step above 0", () -> ADAPTIVE.withFirstStep(INFINITY)),
        misuse("take no first step", () -> FIXED.withFirstStep(1)),
        misuse("take no gains", () -> FIXED.withGains(0, 1, 0)),
        misuse("take no bounds", () -> FIXED.withBounds(0, 1)),
        misuse("finite gains", () -> ADAPTIVE.withGains(NAN, 1, 0)),
        misuse("finite gains", () -> ADAPTIVE.withGains(0, 1, INFINITY)),
        misuse("got 2.0 and 1.0", () -> ADAPTIVE.withBounds(2, 1)),
        misuse("got 1.0 and 1.0", () -> ADAPTIVE.withBounds(1, 1)),
        misuse("got -1.0 and 1.0", () -> ADAPTIVE.withBounds(-1, 1)),
        misuse("got NaN and 1.0", () -> ADAPTIVE.withBounds(NAN, 1)),
        misuse("got 0.0 and NaN", () -> ADAPTIVE.withBounds(0, NAN)),
        misuse(
            "Method rk4 has no error estimate",
            () -> OdeSolve.with(Tableaus.RK4.tableau(), ADAPTIVE)),
        misuse(
            "Method euler has no error estimate",
            () -> OdeSolve.with(Tableaus.EULER.tableau(), FIXED).controller(ADAPTIVE)),
        misuse("number of steps above 0, got 0", () -> SOLVE.maxSteps(0)),
        misuse("number of lanes above 0, got -1", () -> SOLVE.lanes(-1)),
        misuse("finite times to step to, got NaN", () -> SOLVE.stepTo(1, NAN)),
        misuse("finite times to step to, got Infinity", () -> SOLVE.jumpAt(INFINITY)),
        misuse(
            "The field has 1 components, the initial states have 2",
            () -> SOLVE.solve(FIELD, Trajectories.of(2, Y0, 0, 1))),
        misuse(
            "Shared steps need the same times",
            () -> SOLVE.stepControl(StepControl.SHARED).solve(FIELD, Trajectories.of(1, Y0, own))),
        misuse(
            "components 0 to 2 of 1",
            () ->
                SOLVE
                    .errorGroups(List.of(ErrorGroup.components(0, 2)))
                    .solve(FIELD, Trajectories.of(1, Y0, 0, 1))),
        misuse("0 <= from < to, got 1 and 1", () -> ErrorGroup.components(1, 1)),
        misuse("0 <= from < to, got -1 and 1", () -> ErrorGroup.packed(-1, 1)),
        misuse(
            "Packed numbers need shared steps",
            () ->
                SOLVE
                    .errorGroups(List.of(ErrorGroup.packed(0, 1)))
                    .solve(FIELD, Trajectories.of(1, Y0, 0, 1))),
        misuse("did not pass t = 2.0", () -> dense(0, 1).at(0, 2)),
        misuse("did not pass t = -1.0", () -> dense(0, 1).at(0, -1)),
        misuse("did not pass t = NaN", () -> dense(0, 1).at(0, NAN)));
  }

  private static Solution dense(double from, double to) {
    return SOLVE.saveAt(SaveAt.DENSE).solve(FIELD, Trajectories.of(1, Y0, from, to));
  }

  @ParameterizedTest
  @MethodSource("misuses")
  void isAnsweredWithWhatWasExpectedAndGot(String message, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
