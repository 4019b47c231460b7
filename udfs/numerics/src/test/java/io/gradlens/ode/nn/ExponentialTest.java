package io.gradlens.ode.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class ExponentialTest {

  @Test
  void tanhIsWithin1e15() {
    assertThat(largestError(Exponential::tanh, StrictMath::tanh, 30)).isLessThan(1e-15);
    assertThat(largestError(z -> FloatExponential.tanh((float) z), StrictMath::tanh, 15))
        .isLessThan(4e-7);
  }

  @Test
  void expm1IsWithin1e15BelowZero() {
    assertThat(largestError(Exponential::expm1, StrictMath::expm1, 0)).isLessThan(1e-15);
    assertThat(largestError(z -> FloatExponential.expm1((float) z), StrictMath::expm1, 0))
        .isLessThan(4e-7);
  }

  @Test
  void log1pIsWithin1e15() {
    Random random = new Random(5);
    for (int i = 0; i < 100_000; i++) {
      double u = Math.scalb(random.nextDouble(), -random.nextInt(30));
      assertThat(Exponential.log1p(u) / StrictMath.log1p(u) - 1).isBetween(-1e-15, 1e-15);
      float single = (float) u;
      assertThat(FloatExponential.log1p(single) / StrictMath.log1p(single) - 1)
          .isBetween(-4e-7, 4e-7);
    }
  }

  @Test
  void theEndsAreRight() {
    assertThat(Exponential.tanh(0)).isZero();
    assertThat(Exponential.tanh(1e-200)).isEqualTo(1e-200);
    for (double z : new double[] {20, 1e10, 1e300, Double.POSITIVE_INFINITY}) {
      assertThat(Exponential.tanh(z)).isEqualTo(1);
      assertThat(Exponential.tanh(-z)).isEqualTo(-1);
      assertThat(FloatExponential.tanh((float) z)).isEqualTo(1);
      assertThat(FloatExponential.tanh((float) -z)).isEqualTo(-1);
    }
    assertThat(Exponential.tanh(Double.NaN)).isNaN();
    assertThat(FloatExponential.tanh(Float.NaN)).isNaN();
    for (Activation activation : Activation.values()) {
      double[] z = {Double.NaN};
      ActivationLoops.apply(activation, z, z, 1);
      assertThat(z[0]).as("%s of NaN", activation).isNaN();
    }
  }

  /** The largest relative error over many magnitudes, from −30 to a bound. */
  private static double largestError(
      DoubleUnaryOperator f, DoubleUnaryOperator exact, double bound) {
    Random random = new Random(5);
    double worst = 0;
    for (int i = 0; i < 1_000_000; i++) {
      double scale = Math.scalb(1, -random.nextInt(40));
      double z = (float) (scale * (random.nextDouble() * (bound + 30) - 30));
      double expected = exact.applyAsDouble(z);
      worst = Math.max(worst, Math.abs(f.applyAsDouble(z) / expected - 1));
    }
    return worst;
  }
}
