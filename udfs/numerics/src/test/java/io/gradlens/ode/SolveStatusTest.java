package io.gradlens.ode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How solves end that do not reach their last time. */
class SolveStatusTest {
  private static final OdeSolve DOPRI5 =
      OdeSolve.with(Tableaus.DOPRI5.tableau(), StepSizeController.adaptive(1e-8, 1e-8));

  private static final VectorField DECAY = new SlopeField(1, (t, y, dydt) -> dydt[0] = -y[0]);

  /** Is NaN from t = 1 on. */
  private static final VectorField BREAKS =
      new SlopeField(1, (t, y, dydt) -> dydt[0] = t < 1 ? -y[0] : Double.NaN);

  private static final VectorField NOWHERE =
      new SlopeField(1, (t, y, dydt) -> dydt[0] = Math.log(-1 - y[0] * y[0]));

  private static final VectorField EXPLODES =
      new SlopeField(1, (t, y, dydt) -> dydt[0] = y[0] * y[0]);

  private static Solution solve(OdeSolve how, VectorField field, double y0) {
    return how.solve(field, Trajectories.of(1, new double[] {y0}, 0, .5, 2, 3));
  }

  @ParameterizedTest
  @EnumSource
  void everyStatusSaysWhatToDo(SolveStatus status) {
    assertThat(status.advice()).hasSizeGreaterThan(20).endsWith(".");
    assertThat(status.isSuccess())
        .isEqualTo(status == SolveStatus.SUCCESS || status == SolveStatus.TERMINATED);
  }

  @Test
  void anInitialStateThatIsNotFiniteIsBadInitial() {
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -1 / 0.}) {
      Solution solved = solve(DOPRI5, DECAY, bad);
      assertThat(solved.status(0)).isEqualTo(SolveStatus.BAD_INITIAL);
      assertThat(solved.isSuccess()).isFalse();
      assertThat(solved.reached(0)).isZero();
      assertThat(solved.ys(0)).hasSize(4).containsExactly(bad, Double.NaN, Double.NaN, Double.NaN);
      assertThat(solved.stepsAccepted(0) + solved.stepsRejected(0)).isZero();
    }
  }

  @Test
  void aFieldThatIsNotANumberAtTheStartIsNonFinite() {
    for (OdeSolve how :
        new OdeSolve[] {
          DOPRI5,
          DOPRI5.controller(StepSizeController.adaptive(1e-8, 1e-8).withFirstStep(.1)),
          DOPRI5.controller(StepSizeController.fixed(.1)),
          DOPRI5.controller(StepSizeController.fixed(Double.POSITIVE_INFINITY)),
          DOPRI5.stepControl(StepControl.SHARED)
        }) {
      Solution solved = solve(how, NOWHERE, 1);
      assertThat(solved.status(0)).isEqualTo(SolveStatus.NON_FINITE);
      assertThat(solved.reached(0)).isZero();
      assertThat(solved.ys(0)).containsExactly(1, Double.NaN, Double.NaN, Double.NaN);
    }
  }

  @Test
  void aFieldThatBreaksLaterIsNonFiniteAndWhatWasReachedIsKept() {
    for (OdeSolve how :
        new OdeSolve[] {DOPRI5, DOPRI5.controller(StepSizeController.fixed(.125))}) {
      Solution solved = solve(how, BREAKS, 1);
      assertThat(solved.status(0)).isEqualTo(SolveStatus.NON_FINITE);
      assertThat(solved.reached(0)).isBetween(.8, 1.);
      assertThat(solved.y(0, 1, 0)).isCloseTo(Math.exp(-.5), within(1e-6));
      assertThat(solved.y(0, 2, 0)).isNaN();
      assertThat(solved.y(0, 3, 0)).isNaN();
    }
    assertThat(solve(DOPRI5, BREAKS, 1).reached(0)).isBetween(1 - 1e-12, 1.);
  }

  @Test
  void aSolutionThatRunsToInfinityFailsAtItsPole() {
    Solution solved = solve(DOPRI5, EXPLODES, 1);
    assertThat(solved.status(0)).isEqualTo(SolveStatus.STEP_TOO_SMALL);
    assertThat(solved.status(0).advice()).contains("infinity");
    assertThat(solved.reached(0)).isCloseTo(1, within(1e-6));
    assertThat(solved.y(0, 1, 0)).isCloseTo(2, within(1e-6));
    assertThat(solved.y(0, 2, 0)).isNaN();

    Solution fixed = solve(DOPRI5.controller(StepSizeController.fixed(.01)), EXPLODES, 1);
    assertThat(fixed.status(0)).isEqualTo(SolveStatus.NON_FINITE);
    assertThat(fixed.reached(0)).isBetween(.9, 1.2);
  }

  @Test
  void stepsBelowTheLeastOneAreTooSmall() {
    StepSizeController bounded =
        StepSizeController.adaptive(1e-10, 1e-10).withFirstStep(.5).withBounds(.1, 1);
    Solution solved = solve(DOPRI5.controller(bounded), EXPLODES, .4);
    assertThat(solved.status(0)).isEqualTo(SolveStatus.STEP_TOO_SMALL);
    assertThat(solved.reached(0)).isLessThan(2.5);
  }

  @Test
  void aJumpThatIsNotNamedMakesStepsSmallButIsPassed() {
    VectorField jumps = new SlopeField(1, (t, y, dydt) -> dydt[0] = t < 1 ? 1 : 1e6);
    assertThat(solve(DOPRI5, jumps, 0).status(0)).isEqualTo(SolveStatus.SUCCESS);
  }

  @Test
  void stepsAreCountedRejectedOnesToo() {
    for (int most : new int[] {1, 7, 20}) {
      Solution solved = solve(DOPRI5.maxSteps(most), EXPLODES, .9);
      assertThat(solved.status(0)).isEqualTo(SolveStatus.MAX_STEPS);
      assertThat(solved.stepsAccepted(0) + solved.stepsRejected(0)).isEqualTo(most);
    }
    int needed = solve(DOPRI5, DECAY, 1).stepsAccepted(0);
    assertThat(solve(DOPRI5.maxSteps(needed), DECAY, 1).isSuccess()).isTrue();
    assertThat(solve(DOPRI5.maxSteps(needed - 1), DECAY, 1).status(0))
        .isEqualTo(SolveStatus.MAX_STEPS);
  }

  @Test
  void aFirstStepWhoseProbeLeavesTheFieldsDomainIsTakenSmaller() {
    VectorField drains = new SlopeField(1, (t, y, dydt) -> dydt[0] = -Math.sqrt(y[0] - .999));
    Solution solved = DOPRI5.solve(drains, Trajectories.of(1, new double[] {1}, 0, .03));
    double root = Math.sqrt(.001) - .015;
    assertThat(solved.status(0)).isEqualTo(SolveStatus.SUCCESS);
    assertThat(solved.y(0, 1, 0)).isCloseTo(.999 + root * root, within(1e-8));
  }
}
