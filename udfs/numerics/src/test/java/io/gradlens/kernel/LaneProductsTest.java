package io.gradlens.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Vectors against plain loops, bit for bit, over all small shapes. */
class LaneProductsTest {

  /** Every number of units up to twice a vector of 512 bits plus one, filled up to whole units. */
  static IntStream units() {
    return IntStream.of(1, 2, 3, 4, 5, 8);
  }

  @BeforeEach
  void vectorsAreThere() {
    assumeThat(LaneProducts.fastest()).isInstanceOf(VectorLaneProducts.class);
    assumeThat(FloatLaneProducts.fastest()).isInstanceOf(FloatVectorLaneProducts.class);
  }

  @ParameterizedTest
  @MethodSource("units")
  void affineHasTheBitsOfPlainLoops(int units) {
    int lanes = units * LaneProducts.LANES;
    int floats = units * FloatLaneProducts.LANES;
    for (int m = 1; m <= 10; m++) {
      for (int k = 1; k <= 10; k++) {
        double[] a = real(m * k);
        double[] x = real(k * (lanes + 8));
        double[] b = m % 2 == 0 ? null : real(m);
        double[] plain = new double[m * (lanes + 16)];
        double[] vector = plain.clone();
        LaneProducts.plain().affine(a, b, m, k, x, lanes + 8, plain, lanes + 16, lanes);
        LaneProducts.fastest().affine(a, b, m, k, x, lanes + 8, vector, lanes + 16, lanes);
        assertThat(vector).isEqualTo(plain);
        float[] single = new float[m * floats];
        float[] singles = single.clone();
        float[] af = single(a);
        float[] bf = b == null ? null : single(b);
        float[] xf = single(real(k * floats));
        FloatLaneProducts.plain().affine(af, bf, m, k, xf, floats, single, floats, floats);
        FloatLaneProducts.fastest().affine(af, bf, m, k, xf, floats, singles, floats, floats);
        assertThat(singles).isEqualTo(single);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("units")
  void outerHasTheBitsOfPlainLoops(int units) {
    int lanes = units * LaneProducts.LANES;
    int floats = units * FloatLaneProducts.LANES;
    for (int m = 1; m <= 10; m++) {
      for (int p = 1; p <= 10; p++) {
        double[][] a = {real(m * lanes), real(m * lanes), null};
        double[][] b = {real(p * lanes), real(p * lanes), null};
        double[] plain = real(m * p + m + 2);
        double[] vector = plain.clone();
        LaneProducts.plain().addOuter(a, m, b, p, 2, lanes, plain, 1);
        LaneProducts.fastest().addOuter(a, m, b, p, 2, lanes, vector, 1);
        LaneProducts.plain().addSums(a, m, 2, lanes, plain, m * p + 1);
        LaneProducts.fastest().addSums(a, m, 2, lanes, vector, m * p + 1);
        assertThat(vector).isEqualTo(plain);
        float[][] af = {single(real(m * floats))};
        float[][] bf = {single(real(p * floats))};
        double[] single = real(m * p + m);
        double[] singles = single.clone();
        FloatLaneProducts.plain().addOuter(af, m, bf, p, 1, floats, single, 0);
        FloatLaneProducts.fastest().addOuter(af, m, bf, p, 1, floats, singles, 0);
        FloatLaneProducts.plain().addSums(af, m, 1, floats, single, m * p);
        FloatLaneProducts.fastest().addSums(af, m, 1, floats, singles, m * p);
        assertThat(singles).isEqualTo(single);
      }
    }
  }

  private static double[] real(int n) {
    return new Random(n).doubles(n, -1, 1).toArray();
  }

  private static float[] single(double[] values) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = (float) values[i];
    }
    return rounded;
  }
}
