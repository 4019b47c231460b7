package io.gradlens.ode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Adaptive methods against solutions in closed form, t from 1 to 8 and back. */
class ClosedFormTest {
  private static final long SEED = 11;

  /** What the error at any time may be, in tolerances: errors of steps add up. */
  private static final double MULTIPLE = 100;

  /** The same for FEHLBERG2, whose estimate is but h²y''/512. */
  private static final double FEHLBERG2_MULTIPLE = 5000;

  private static final Problem LINE =
      new Problem(
          "line",
          1,
          (t, y, dydt) -> dydt[0] = .2 + Math.pow(y[0] - (.2 * t + 3), 5),
          t -> new double[] {.2 * t + 3});

  private static final Problem SINE =
      new Problem(
          "sine",
          1,
          (t, y, dydt) ->
              dydt[0] = 2 * y[0] / t + t * t * t * t * Math.sin(2 * t) - t * t + 4 * t * t * t,
          t ->
              new double[] {
                -.5 * t * t * t * t * Math.cos(2 * t)
                    + .5 * t * t * t * Math.sin(2 * t)
                    + .25 * t * t * Math.cos(2 * t)
                    - t * t * t
                    + 2 * t * t * t * t
                    + (Math.PI - .25) * t * t
              });

  private static final Problem POLE =
      new Problem(
          "pole",
          2,
          (t, y, dydt) -> {
            dydt[0] = y[0] * y[0] * Math.cos(t);
            dydt[1] = y[0] * y[0] * y[1] * Math.cos(t);
          },
          t -> {
            double u = 1 / (1.5 - Math.sin(t));
            return new double[] {u, Math.exp(u)};
          });

  private static final Problem SKEW = skew(10);

  static Stream<Arguments> cases() {
    return Arrays.stream(Tableaus.values())
        .filter(method -> method.tableau().gamma() == 0 && method.tableau().estimates() > 0)
        .flatMap(
            method ->
                Stream.of(LINE, SINE, SKEW, POLE)
                    .flatMap(
                        problem ->
                            Stream.of(1e-6, 1e-9)
                                .map(tolerance -> Arguments.of(method, problem, tolerance))));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void errorIsAModestMultipleOfTheTolerance(Tableaus method, Problem problem, double tolerance) {
    OdeSolve solve =
        OdeSolve.with(method.tableau(), StepSizeController.adaptive(tolerance, tolerance))
            .maxSteps(1_000_000);
    double multiple = method == Tableaus.FEHLBERG2 ? FEHLBERG2_MULTIPLE : MULTIPLE;
    for (double[] times : new double[][] {{1, 2.5, 4, 7.3, 8}, {8, 6.1, 4, 1.7, 1}}) {
      Solution solved = solve.solve(problem.field(), problem.from(times));
      assertThat(solved.status(0)).isEqualTo(SolveStatus.SUCCESS);
      assertThat(problem.error(solved))
          .as("from %s, %d steps, seed %d", times[0], solved.stepsAccepted(0), SEED)
          .isLessThan(multiple * tolerance);
    }
  }

  @Test
  void theExponentialOfARotationIsItsSineAndCosine() {
    double[] e = exponential(new double[] {0, -40, 40, 0}, 2);
    assertThat(e)
        .usingComparatorWithPrecision(1e-13)
        .containsExactly(Math.cos(40), -Math.sin(40), Math.sin(40), Math.cos(40));
  }

  /** y' = A y with a random A = −Aᵀ, against e^(At) y₀. */
  private static Problem skew(int dim) {
    Random random = new Random(SEED);
    double[] a = new double[dim * dim];
    double[] y0 = random.doubles(dim, -1, 1).toArray();
    for (int i = 0; i < dim; i++) {
      for (int j = 0; j < i; j++) {
        a[i * dim + j] = random.nextDouble() - .5;
        a[j * dim + i] = -a[i * dim + j];
      }
    }
    return new Problem(
        "skew",
        dim,
        (t, y, dydt) -> System.arraycopy(product(a, y, dim, 1), 0, dydt, 0, dim),
        t -> product(exponential(Arrays.stream(a).map(x -> x * t).toArray(), dim), y0, dim, 1));
  }

  /** e^A by its series, after halving A until it is small, and squaring as often. */
  private static double[] exponential(double[] a, int dim) {
    double size = Arrays.stream(a).map(Math::abs).max().orElseThrow() * dim;
    int halvings = Math.max(0, 2 + Math.getExponent(size));
    double[] scaled = Arrays.stream(a).map(x -> Math.scalb(x, -halvings)).toArray();
    double[] term = new double[dim * dim];
    for (int i = 0; i < dim; i++) {
      term[i * dim + i] = 1;
    }
    double[] sum = term.clone();
    for (int n = 1; n < 20; n++) {
      term = product(term, scaled, dim, dim);
      for (int i = 0; i < sum.length; i++) {
        term[i] /= n;
        sum[i] += term[i];
      }
    }
    for (int i = 0; i < halvings; i++) {
      sum = product(sum, sum, dim, dim);
    }
    return sum;
  }

  private static double[] product(double[] a, double[] b, int dim, int columns) {
    double[] c = new double[dim * columns];
    for (int i = 0; i < dim; i++) {
      for (int j = 0; j < dim; j++) {
        for (int k = 0; k < columns; k++) {
          c[i * columns + k] += a[i * dim + j] * b[j * columns + k];
        }
      }
    }
    return c;
  }
}
