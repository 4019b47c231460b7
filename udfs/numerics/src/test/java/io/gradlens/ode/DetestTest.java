package io.gradlens.ode;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The published problem set {@link Detest}, solved by the adaptive methods. */
class DetestTest {

  @ParameterizedTest
  @EnumSource
  void publishedStatesAreReached(Detest problem) {
    assertThat(error(Tableaus.DOP853, problem, 1e-13)).as("dop853").isLessThan(1e-11);
    assertThat(error(Tableaus.TSIT5, problem, 1e-13)).as("tsit5").isLessThan(5e-11);
  }

  @ParameterizedTest
  @EnumSource
  void errorIsAStatedMultipleOfTheTolerance(Detest problem) {
    for (Tableaus method :
        new Tableaus[] {Tableaus.DOPRI5, Tableaus.TSIT5, Tableaus.DOP853, Tableaus.BOSH3}) {
      for (double tolerance : new double[] {1e-5, 1e-8}) {
        assertThat(error(method, problem, tolerance))
            .as("%s, tolerance %s", method, tolerance)
            .isLessThan(multiple(problem) * tolerance);
      }
    }
  }

  /** Errors on an orbit grow with the square of time, those of a contracting problem do not. */
  private static double multiple(Detest problem) {
    return switch (problem.name().charAt(0)) {
      case 'D' -> 6000;
      case 'B' -> 500;
      default -> 250;
    };
  }

  private static double error(Tableaus method, Detest problem, double tolerance) {
    Solution solved =
        OdeSolve.with(method.tableau(), StepSizeController.adaptive(tolerance, tolerance))
            .saveAt(SaveAt.T1)
            .solve(problem.field(), problem.trajectory());
    assertThat(solved.status(0))
        .as("%s, tolerance %s", method, tolerance)
        .isEqualTo(SolveStatus.SUCCESS);
    return problem.error(solved);
  }
}
