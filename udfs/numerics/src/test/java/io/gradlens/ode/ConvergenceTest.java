package io.gradlens.ode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Orders of the explicit methods, by the slopes of log error over log step. */
class ConvergenceTest {

  /** Below this an error is rounding. */
  private static final double ROUNDING = 3e-13;

  /** Above this a step is too long for its error to follow the leading term. */
  private static final double COARSE = 6e-2;

  /** Orders of the dense outputs that are not cubic Hermite interpolants. */
  private static final Map<Tableaus, Integer> DENSE_ORDER =
      Map.of(Tableaus.DOPRI5, 4, Tableaus.TSIT5, 4, Tableaus.DOP853, 7);

  private static final double START = 0;

  private static final double END = 2;

  static Stream<Tableaus> explicitMethods() {
    return Arrays.stream(Tableaus.values()).filter(method -> method.tableau().gamma() == 0);
  }

  @ParameterizedTest
  @MethodSource("explicitMethods")
  void errorShrinksWithTheMethodsOrder(Tableaus method) {
    int order = method.tableau().order();
    assertSlope(method + " forwards", order, steps -> error(method, steps, START, END));
    assertSlope(method + " backwards", order, steps -> error(method, steps, END, START));
  }

  @ParameterizedTest
  @MethodSource("explicitMethods")
  void statesBetweenStepsShrinkWithTheSameOrder(Tableaus method) {
    int order = Math.min(method.tableau().order(), denseOrder(method) + 1);
    assertSlope(method + " forwards", order, steps -> betweenSteps(method, steps, START, END));
    assertSlope(method + " backwards", order, steps -> betweenSteps(method, steps, END, START));
  }

  @ParameterizedTest
  @MethodSource("explicitMethods")
  void oneStepAndItsInterpolantHaveTheirLocalOrders(Tableaus method) {
    for (double direction : new double[] {1, -1}) {
      double longest = method == Tableaus.DOP853 ? 2 * direction : direction;
      String where = method + (direction > 0 ? " forwards" : " backwards");
      assertSlope(
          where + ", end of the step",
          method.tableau().order() + 1,
          steps -> error(method, 1, .4, .4 + longest / steps));
      assertSlope(
          where + ", within the step",
          denseOrder(method) + 1,
          steps -> withinOneStep(method, .75 * longest / steps));
    }
  }

  private static int denseOrder(Tableaus method) {
    return DENSE_ORDER.getOrDefault(method, Math.min(3, method.tableau().order()));
  }

  private static double error(Tableaus method, double steps, double from, double to) {
    double h = Math.abs(to - from) / steps;
    Solution solved =
        OdeSolve.with(method.tableau(), StepSizeController.fixed(h))
            .saveAt(SaveAt.T1)
            .solve(Problem.COUPLED.field(), Problem.COUPLED.from(from, to));
    assertThat(solved.stepsAccepted(0)).isEqualTo((int) steps);
    return Problem.COUPLED.error(solved);
  }

  private static double betweenSteps(Tableaus method, double steps, double from, double to) {
    double[] times = new double[3 * (int) steps + 1];
    for (int j = 0; j < times.length; j++) {
      times[j] = from + (to - from) * Math.min(1, (j / 3 + .31 * (j % 3)) / steps);
    }
    return Problem.COUPLED.error(
        OdeSolve.with(method.tableau(), StepSizeController.fixed((END - START) / steps))
            .solve(Problem.COUPLED.field(), Problem.COUPLED.from(times)));
  }

  private static double withinOneStep(Tableaus method, double h) {
    double[] times = {.4, .4 + .29 * h, .4 + .52 * h, .4 + .83 * h, .4 + h};
    OdeSolve solve = OdeSolve.with(method.tableau(), StepSizeController.fixed(Math.abs(h)));
    Solution solved = solve.solve(Problem.COUPLED.field(), Problem.COUPLED.from(times));
    assertThat(solved.stepsAccepted(0)).isEqualTo(1);
    double worst = 0;
    for (int j = 1; j < 4; j++) {
      for (int d = 0; d < 2; d++) {
        double exact = Problem.COUPLED.solution().apply(times[j])[d];
        double size = Math.max(1, Math.abs(exact));
        worst = Math.max(worst, Math.abs(solved.y(0, j, d) - exact) / size);
      }
    }
    return worst;
  }

  /** An error that depends on a number of steps. */
  private interface ErrorOf {
    double steps(double steps);
  }

  /**
   * Methods with small leading terms, as DOPRI5, follow the next one for a while: hence the room
   * upwards. That an order is not higher than claimed is {@link TableausTest}'s.
   */
  private static void assertSlope(String what, int order, ErrorOf error) {
    List<double[]> points = new ArrayList<>();
    StringBuilder errors = new StringBuilder();
    for (double steps = 4; steps <= 4096 && points.size() < 6; steps *= 2) {
      double e = error.steps(steps);
      if (e < ROUNDING) {
        break;
      }
      errors.append(" %.0f: %.2e".formatted(steps, e));
      if (e < COARSE) {
        points.add(new double[] {-Math.log(steps), Math.log(e)});
      }
    }
    assertThat(points).as("%s, errors%s", what, errors).hasSizeGreaterThanOrEqualTo(3);
    double slope = slope(points.subList(Math.max(0, points.size() - 4), points.size()));
    assertThat(slope).as("%s, errors%s", what, errors).isBetween(order - .4, order + 1.2);
  }

  /** Of the line through points by least squares. */
  private static double slope(List<double[]> points) {
    double meanX = points.stream().mapToDouble(p -> p[0]).average().orElseThrow();
    double meanY = points.stream().mapToDouble(p -> p[1]).average().orElseThrow();
    double covariance = points.stream().mapToDouble(p -> (p[0] - meanX) * (p[1] - meanY)).sum();
    return covariance / points.stream().mapToDouble(p -> (p[0] - meanX) * (p[0] - meanX)).sum();
  }
}
