package io.gradlens.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LbfgsTest {

  /** Counts evaluations of Rosenbrock's valley, Σ 100(x_{i+1} − x_i²)² + (1 − x_i)². */
  private static final class Rosenbrock implements Objective {
    int evaluations;

    @Override
    public double evaluate(double[] x, double[] g) {
      evaluations++;
      Arrays.fill(g, 0);
      double sum = 0;
      for (int i = 0; i + 1 < x.length; i++) {
        double a = x[i + 1] - x[i] * x[i];
        double b = 1 - x[i];
        sum += 100 * a * a + b * b;
        g[i] += -400 * a * x[i] - 2 * b;
        g[i + 1] += 200 * a;
      }
      return sum;
    }
  }

  /** SciPy 1.17's L-BFGS-B takes 38, 43 and 79 iterations from here to 4e-22. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4, 10})
  void rosenbrocksValleyIsWalkedToItsEnd(int dim) {
    Rosenbrock valley = new Rosenbrock();
    double[] x = new double[dim];
    for (int i = 0; i < dim; i++) {
      x[i] = i % 2 == 0 ? -1.2 : 1;
    }
    Lbfgs optimizer = new Lbfgs(dim, 10);
    int steps = 0;
    while (steps < 200 && optimizer.step(x, valley, 1) > 1e-20) {
      steps++;
    }
    assertThat(steps).isLessThan(100);
    assertThat(valley.evaluations).isLessThan(3 * steps);
    for (double each : x) {
      assertThat(each).isCloseTo(1, within(1e-8));
    }
  }

  @Test
  void lossNeverRises() {
    double[] x = new Random(3).doubles(6, -2, 2).toArray();
    Lbfgs optimizer = new Lbfgs(6, 3);
    Rosenbrock valley = new Rosenbrock();
    double before = Double.POSITIVE_INFINITY;
    for (int step = 0; step < 60; step++) {
      double loss = optimizer.step(x, valley, 1);
      assertThat(loss).isLessThanOrEqualTo(before);
      before = loss;
    }
  }

  @Test
  void stepsSatisfyTheStrongWolfeConditions() {
    Random random = new Random(11);
    for (int trial = 0; trial < 50; trial++) {
      double[] x = random.doubles(4, -2, 2).toArray();
      double[] g = new double[4];
      Rosenbrock valley = new Rosenbrock();
      double loss = valley.evaluate(x, g);
      double[] down = Arrays.stream(g).map(each -> -each).toArray();
      double slope = WolfeLineSearch.dot(g, down);
      WolfeLineSearch.Point found =
          new WolfeLineSearch(valley, x, loss, g, down)
              .search(Math.pow(10, -5 + 6 * random.nextDouble()));
      assertThat(found.value())
          .as("trial %d", trial)
          .isLessThanOrEqualTo(loss + 1e-4 * found.alpha() * slope);
      assertThat(Math.abs(found.slope())).isLessThanOrEqualTo(0.9 * Math.abs(slope));
    }
  }

  /** A wall of NaN, as where a field diverges, is not walked into. */
  @Test
  void whatCannotBeComputedCountsAsTooHigh() {
    Objective walled =
        (x, g) -> {
          g[0] = x[0] > 1.5 ? Double.NaN : 2 * (x[0] - 1.4);
          return x[0] > 1.5 ? Double.NaN : (x[0] - 1.4) * (x[0] - 1.4);
        };
    double[] x = {-3};
    Lbfgs optimizer = new Lbfgs(1, 5);
    for (int step = 0; step < 20; step++) {
      assertThat(optimizer.step(x, walled, 10)).isFinite();
    }
    assertThat(x[0]).isCloseTo(1.4, within(1e-7));
  }
}
