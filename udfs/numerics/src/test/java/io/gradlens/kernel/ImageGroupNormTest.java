package io.gradlens.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageGroupNormTest {
  private static final double EPSILON = 1e-5;
  private static final double LINEAR = Double.NEGATIVE_INFINITY;

  /** The definition, on an image {@code [C,P]}. */
  private static double[] defined(
      double[] x, int channels, int groups, int pixels, double[] gamma, double[] beta) {
    int size = channels / groups * pixels;
    double[] y = new double[x.length];
    for (int g = 0; g < groups; g++) {
      double mean = 0;
      for (int i = g * size; i < (g + 1) * size; i++) {
        mean += x[i] / size;
      }
      double variance = 0;
      for (int i = g * size; i < (g + 1) * size; i++) {
        variance += (x[i] - mean) * (x[i] - mean) / size;
      }
      for (int i = g * size; i < (g + 1) * size; i++) {
        int c = i / pixels;
        y[i] = gamma[c] * (x[i] - mean) / Math.sqrt(variance + EPSILON) + beta[c];
      }
    }
    return y;
  }

  private static double[] random(long seed, int length, double mean) {
    Random random = new Random(seed);
    return random.doubles(length).map(u -> mean + 2 * u - 1).toArray();
  }

  private static double[] channelsLast(double[] image, int channels, int pixels) {
    double[] last = new double[image.length];
    for (int c = 0; c < channels; c++) {
      for (int p = 0; p < pixels; p++) {
        last[p * channels + c] = image[c * pixels + p];
      }
    }
    return last;
  }

  private static float[] floats(double[] x) {
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = (float) x[i];
    }
    return y;
  }

  @Test
  void fourPixelsByHand() {
    ImageGroupNorm norm = new ImageGroupNorm(1, 1, 4, ChannelAxis.FIRST, 0);
    double[] image = {1, 1, 3, 3};
    norm.forward(image, new double[] {2}, new double[] {10}, LINEAR, new double[2], 0);
    assertThat(image).containsExactly(8, 8, 12, 12);
  }

  @ParameterizedTest
  @CsvSource({"4,2,9", "64,32,36", "6,1,700", "600,300,1", "32,32,40"})
  void bothLayoutsAndPrecisionsAreTheDefinition(int channels, int groups, int pixels) {
    double[] x = random(1, channels * pixels, 3);
    double[] gamma = random(2, channels, 1);
    double[] beta = random(3, channels, 0);
    double[] expected = defined(x, channels, groups, pixels, gamma, beta);
    double[] first = x.clone();
    double[] moments = new double[2 * groups];
    new ImageGroupNorm(channels, groups, pixels, ChannelAxis.FIRST, EPSILON)
        .forward(first, gamma, beta, LINEAR, moments, 0);
    assertThat(first).containsExactly(expected, within(1e-11));
    double[] last = channelsLast(x, channels, pixels);
    new ImageGroupNorm(channels, groups, pixels, ChannelAxis.LAST, EPSILON)
        .forward(last, gamma, beta, LINEAR, moments, 0);
    assertThat(last).containsExactly(channelsLast(expected, channels, pixels), within(1e-11));
    float[] single = floats(x);
    new FloatImageGroupNorm(channels, groups, pixels, ChannelAxis.FIRST, EPSILON)
        .forward(
            single,
            floats(gamma),
            floats(beta),
            Float.NEGATIVE_INFINITY,
            new double[2 * groups],
            0);
    // Where a group is one pixel of two channels that nearly agree, rounding is magnified.
    assertThat(single).containsExactly(floats(expected), within(pixels == 1 ? 1e-2f : 2e-5f));
  }

  @ParameterizedTest
  @CsvSource({"FIRST,4,2,9,0", "LAST,4,2,9,0", "LAST,4,1,3,-9e9", "FIRST,2,2,600,0"})
  void gradientsMatchCentralDifferences(
      ChannelAxis axis, int channels, int groups, int pixels, double floor) {
    ImageGroupNorm norm = new ImageGroupNorm(channels, groups, pixels, axis, EPSILON);
    double[] x = random(4, channels * pixels, 0.5);
    double[] gamma = random(5, channels, 1);
    double[] beta = random(6, channels, 0);
    double[] cotangent = random(7, x.length, 0);
    double[] moments = new double[1 + norm.moments()];
    norm.forward(x.clone(), gamma, beta, floor, moments, 1);
    double[] gradX = cotangent.clone();
    double[] gradGamma = new double[channels];
    double[] gradBeta = new double[channels];
    norm.backward(x, gradX, gamma, beta, floor, moments, 1, gradGamma, gradBeta);
    double h = 1e-6;
    for (int i = 0; i < x.length; i += Math.max(1, x.length / 20)) {
      double[] up = x.clone();
      up[i] += h;
      double[] down = x.clone();
      down[i] -= h;
      double slope =
          (loss(norm, up, gamma, beta, floor, cotangent)
                  - loss(norm, down, gamma, beta, floor, cotangent))
              / (2 * h);
      assertThat(gradX[i]).as("x %d", i).isCloseTo(slope, within(1e-7));
    }
    for (int c = 0; c < channels; c++) {
      assertThat(gradGamma[c])
          .isCloseTo(slope(norm, x, gamma, beta, floor, cotangent, gamma, c), within(1e-6));
      assertThat(gradBeta[c])
          .isCloseTo(slope(norm, x, gamma, beta, floor, cotangent, beta, c), within(1e-6));
    }
  }

  private static double slope(
      ImageGroupNorm norm,
      double[] x,
      double[] gamma,
      double[] beta,
      double floor,
      double[] cotangent,
      double[] moved,
      int c) {
    double h = 1e-6;
    double here = moved[c];
    moved[c] = here + h;
    double up = loss(norm, x, gamma, beta, floor, cotangent);
    moved[c] = here - h;
    double down = loss(norm, x, gamma, beta, floor, cotangent);
    moved[c] = here;
    return (up - down) / (2 * h);
  }

  private static double loss(
      ImageGroupNorm norm,
      double[] x,
      double[] gamma,
      double[] beta,
      double floor,
      double[] cotangent) {
    double[] y = x.clone();
    norm.forward(y, gamma, beta, floor, new double[norm.moments()], 0);
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      sum += cotangent[i] * y[i];
    }
    return sum;
  }

  /** Every loop, one after the other, on a length that no vector divides. */
  @Test
  void vectorsHaveTheBitsOfPlainLoops() {
    assumeThat(VectorWarmUp.isReady()).isTrue();
    double[][] plain = run(new PlainNormLoops());
    assertThat(run(new VectorNormLoops())).isDeepEqualTo(plain);
    float[][] single = run(new FloatPlainNormLoops());
    assertThat(run(new FloatVectorNormLoops())).isDeepEqualTo(single);
    assertThat(single[0][20]).isCloseTo((float) plain[0][20], within(1e-5f));
  }

  private static double[][] run(NormLoops loops) {
    double[][] v = new double[6][];
    Arrays.setAll(v, i -> random(i, 60, 0));
    loops.squares(v[0], 5, 37, v[1], v[2], v[3]);
    loops.products(v[0], v[1], 5, 37, v[2], v[3], v[4]);
    loops.mask(v[0], v[5], 5, 37, v[2], v[3], 0.5);
    loops.scale(v[0], 5, 37, v[2], v[3], 0.1);
    loops.combine(v[0], v[1], 5, 37, v[2], v[3], v[4]);
    return v;
  }

  private static float[][] run(FloatNormLoops loops) {
    float[][] v = new float[6][];
    Arrays.setAll(v, i -> floats(random(i, 60, 0)));
    loops.squares(v[0], 5, 37, v[1], v[2], v[3]);
    loops.products(v[0], v[1], 5, 37, v[2], v[3], v[4]);
    loops.mask(v[0], v[5], 5, 37, v[2], v[3], 0.5f);
    loops.scale(v[0], 5, 37, v[2], v[3], 0.1f);
    loops.combine(v[0], v[1], 5, 37, v[2], v[3], v[4]);
    return v;
  }

  @Test
  void groupsThatDoNotFitAreRefused() {
    assertThatThrownBy(() -> new ImageGroupNorm(48, 32, 4, ChannelAxis.FIRST, EPSILON))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("48 channels cannot be cut into 32 groups");
  }
}
