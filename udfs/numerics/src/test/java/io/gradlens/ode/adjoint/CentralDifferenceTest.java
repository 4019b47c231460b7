package io.gradlens.ode.adjoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CentralDifferenceTest {

  @Test
  void slopesAreRightWhateverTheScaleThatIsGuessed() {
    for (double scale : new double[] {1e-5, 1e-3, 1, 30, 1000}) {
      assertThat(CentralDifference.slope(x -> Math.exp(1 + x), scale, 0))
          .as("scale %s", scale)
          .isCloseTo(Math.E, within(1e-9));
    }
  }

  @Test
  void quarticsAreExact() {
    double slope = CentralDifference.slope(x -> 3 * x + x * x + x * x * x * x, 1000, 0);
    assertThat(slope).isCloseTo(3, within(1e-9));
  }

  @Test
  void aFunctionThatEndsNearbyHasASlope() {
    assertThat(CentralDifference.slope(x -> Math.log(1e-3 + x), 1, 0))
        .isCloseTo(1000, within(1e-6));
  }

  @Test
  void aConstantHasSlopeZero() {
    assertThat(CentralDifference.slope(x -> 5, 1, 0)).isZero();
    assertThat(CentralDifference.slope(x -> 5, 1, 1)).isZero();
  }

  @Test
  void nanStays() {
    assertThat(CentralDifference.slope(x -> Double.NaN, 1, 1)).isNaN();
  }
}
