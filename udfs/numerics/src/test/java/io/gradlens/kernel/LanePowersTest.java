package io.gradlens.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against Math.pow, and vectors against the plain loop. */
class LanePowersTest {

  @Test
  void isThePower() {
    for (double p : new double[] {-.25, -.1, -1 / 12.0, -1 / 16.0, 0, .3, .5, 1, -1.5}) {
      double[] x = numbers(1 << 16);
      double[] out = new double[x.length];
      LanePowers.plain(x, p, out, x.length);
      for (int i = 0; i < x.length; i++) {
        double log = Math.log(x[i]) / Math.log(2);
        assertThat(out[i] / Math.pow(x[i], p))
            .as("%s to the power %s", x[i], p)
            .isCloseTo(1, within(3e-16 * (1 + Math.abs(p * log))));
      }
    }
  }

  @Test
  void powersOfOneAreOne() {
    double[] x = {1, 1, 1, 1, 1, 1, 1, 1};
    LanePowers.raise(x, -.1, x, 8);
    assertThat(x).containsOnly(1);
  }

  @Test
  void vectorsHaveTheBitsOfThePlainLoop() {
    assumeThat(LaneKernel.fastest()).isInstanceOf(VectorLaneKernel.class);
    double[] x = numbers(1 << 12);
    x[0] = 0;
    x[1] = Double.MIN_VALUE;
    x[2] = Double.POSITIVE_INFINITY;
    x[3] = Double.NaN;
    for (double p : new double[] {-.25, -.1, .7}) {
      double[] plain = new double[x.length];
      double[] vector = new double[x.length];
      LanePowers.plain(x, p, plain, x.length);
      VectorLanePowers.raise(x, p, vector, x.length);
      assertThat(vector).isEqualTo(plain);
    }
  }

  /** From 1e-150 to 1e150, many near 1. */
  private static double[] numbers(int count) {
    Random random = new Random(1);
    return random
        .doubles(count)
        .map(u -> Math.pow(10, random.nextBoolean() ? 4 * u - 2 : 300 * u - 150))
        .toArray();
  }
}
