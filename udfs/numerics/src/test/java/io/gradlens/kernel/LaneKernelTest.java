package io.gradlens.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Vectors against plain loops, bit for bit, over all small shapes. */
class LaneKernelTest {

  /** Every number of units up to twice a vector of 512 bits plus one, filled up to whole units. */
  static IntStream units() {
    return IntStream.of(1, 2, 3, 4, 5, 8);
  }

  @BeforeEach
  void vectorsAreThere() {
    assumeThat(LaneKernel.fastest()).isInstanceOf(VectorLaneKernel.class);
    assumeThat(FloatLaneKernel.fastest()).isInstanceOf(FloatVectorLaneKernel.class);
  }

  @ParameterizedTest
  @MethodSource("units")
  void affineHasTheBitsOfPlainLoops(int units) {
    int lanes = units * LaneKernel.LANES;
    int floats = units * FloatLaneKernel.LANES;
    for (int m = 1; m <= 10; m++) {
      for (int k = 1; k <= 10; k++) {
        double[] a = real(m * k);
        double[] x = real(k * (lanes + 8));
        double[] b = m % 2 == 0 ? null : real(m);
        double[] plain = new double[m * (lanes + 16)];
        double[] vector = plain.clone();
        LaneKernel.plain().affine(a, b, m, k, x, lanes + 8, plain, lanes + 16, lanes);
        LaneKernel.fastest().affine(a, b, m, k, x, lanes + 8, vector, lanes + 16, lanes);
        assertThat(vector).isEqualTo(plain);
        float[] single = new float[m * floats];
        float[] singles = single.clone();
        float[] af = single(a);
        float[] bf = b == null ? null : single(b);
        float[] xf = single(real(k * floats));
        FloatLaneKernel.plain().affine(af, bf, m, k, xf, floats, single, floats, floats);
        FloatLaneKernel.fastest().affine(af, bf, m, k, xf, floats, singles, floats, floats);
        assertThat(singles).isEqualTo(single);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("units")
  void theGradientHasTheBitsOfPlainLoops(int units) {
    int lanes = units * LaneKernel.LANES;
    int floats = units * FloatLaneKernel.LANES;
    for (int m = 1; m <= 10; m++) {
      for (int k = 1; k <= 10; k++) {
        double[][] z = {real(m * lanes), real(m * lanes), null};
        double[][] x = {real((k + 1) * lanes), real((k + 1) * lanes), null};
        double[] plain = real(m * (k + 1) + 2);
        double[] vector = plain.clone();
        LaneKernel.plain().addGradient(z, m, x, k, 2, lanes, plain, 1);
        LaneKernel.fastest().addGradient(z, m, x, k, 2, lanes, vector, 1);
        assertThat(vector).isEqualTo(plain);
        float[][] zf = {single(real(m * floats))};
        float[][] xf = {single(real((k + 1) * floats))};
        double[] single = real(m * (k + 1));
        double[] singles = single.clone();
        FloatLaneKernel.plain().addGradient(zf, m, xf, k, 1, floats, single, 0);
        FloatLaneKernel.fastest().addGradient(zf, m, xf, k, 1, floats, singles, 0);
        assertThat(singles).isEqualTo(single);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 7, 8, 9, 16, 17, 33})
  void theGradientLaneByLaneHasTheBitsOfPlainLoops(int lanes) {
    int stride = 40;
    double[][] z = {real(3 * stride), real(3 * stride)};
    double[][] x = {real(5 * stride), real(5 * stride)};
    double[] plain = real(15 * lanes + 3);
    double[] vector = plain.clone();
    LaneKernel.plain().addLaneGradient(z, 3, x, 4, 2, stride, plain, 2, lanes);
    LaneKernel.fastest().addLaneGradient(z, 3, x, 4, 2, stride, vector, 2, lanes);
    assertThat(vector).isEqualTo(plain);
    float[][] zf = {single(z[0])};
    float[][] xf = {single(x[0])};
    float[] single = single(real(15 * lanes));
    float[] singles = single.clone();
    FloatLaneKernel.plain().addLaneGradient(zf, 3, xf, 4, 1, stride, single, 0, lanes);
    FloatLaneKernel.fastest().addLaneGradient(zf, 3, xf, 4, 1, stride, singles, 0, lanes);
    assertThat(singles).isEqualTo(single);
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
