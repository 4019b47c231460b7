package io.gradlens.ode.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class NoiseTest {
  private static final int COUNT = 40_000;

  /** Bounds are at 5 standard deviations: a false alarm in about 1.7 million tests. */
  @Test
  void componentsHaveMeanZeroVarianceOneAndNoCorrelation() {
    for (Noise noise : Noise.values()) {
      double[] sums = new double[4];
      double[] squares = new double[4];
      double between = 0;
      double along = 0;
      double[] before = noise.vector(11, -1, 4);
      for (int number = 0; number < COUNT; number++) {
        double[] v = noise.vector(11, number, 4);
        for (int i = 0; i < 4; i++) {
          sums[i] += v[i];
          squares[i] += v[i] * v[i];
        }
        between += v[0] * v[1];
        along += v[2] * before[2];
        before = v;
      }
      double bound = 5 / Math.sqrt(COUNT);
      for (int i = 0; i < 4; i++) {
        assertThat(sums[i] / COUNT).as("%s", noise).isCloseTo(0, within(bound));
        assertThat(squares[i] / COUNT).as("%s", noise).isCloseTo(1, within(bound * Math.sqrt(2)));
      }
      assertThat(between / COUNT).as("%s", noise).isCloseTo(0, within(bound));
      assertThat(along / COUNT).as("%s", noise).isCloseTo(0, within(bound));
    }
  }

  /** Kolmogorov and Smirnov's distance; the bound has a false alarm in about 10 million tests. */
  @Test
  void gaussianNoiseIsNormal() {
    double[] v = Noise.GAUSSIAN.vector(3, 5, COUNT);
    Arrays.sort(v);
    double distance = 0;
    for (int i = 0; i < COUNT; i++) {
      double cdf = normalCdf(v[i]);
      distance = Math.max(distance, Math.max((i + 1.0) / COUNT - cdf, cdf - (double) i / COUNT));
    }
    assertThat(distance).isLessThan(2.9 / Math.sqrt(COUNT));
  }

  /** By Simpson's rule from 0. */
  private static double normalCdf(double x) {
    int intervals = 200;
    double h = x / intervals;
    double sum = 0;
    for (int i = 0; i <= intervals; i++) {
      double weight = i == 0 || i == intervals ? 1 : i % 2 == 1 ? 4 : 2;
      sum += weight * Math.exp(-i * h * i * h / 2);
    }
    return 0.5 + sum * h / 3 / Math.sqrt(2 * Math.PI);
  }

  @Test
  void rademacherNoiseIsASign() {
    for (double v : Noise.RADEMACHER.vector(1, 2, 100)) {
      assertThat(Math.abs(v)).isEqualTo(1);
    }
  }

  @Test
  void aVectorDependsOnSeedAndNumberOnly() {
    for (Noise noise : Noise.values()) {
      double[] v = noise.vector(7, 1L << 40, 64);
      assertThat(noise.vector(7, 1L << 40, 64)).containsExactly(v);
      assertThat(noise.vector(7, 1L << 40, 10)).containsExactly(Arrays.copyOf(v, 10));
      assertThat(noise.vector(8, 1L << 40, 64)).isNotEqualTo(v);
      assertThat(noise.vector(7, 1, 64)).isNotEqualTo(v);
    }
  }

  /**
   * From a Python program for the same formulas, whose generator gives SplitMix64's published first
   * number for the seed 0, e220a8397b1dcdaf.
   */
  @Test
  void theSequenceIsSplitMix() {
    assertThat(Noise.RADEMACHER.vector(1, 2, 8)).containsExactly(-1, 1, -1, 1, -1, -1, -1, -1);
    double[] normal = Noise.GAUSSIAN.vector(1, 2, 2);
    assertThat(normal[0]).isCloseTo(0.4344396121626725, within(1e-15));
    assertThat(normal[1]).isCloseTo(-0.9558541530381133, within(1e-15));
  }
}
