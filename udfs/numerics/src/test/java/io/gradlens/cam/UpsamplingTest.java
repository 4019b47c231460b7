package io.gradlens.cam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UpsamplingTest {

  @Test
  void bilinearHasHalfPixelCentres() {
    float[] map = {0, 1, 2, 4};
    // What OpenCV and TensorFlow give for [[0,1],[2,4]] at 4 x 4.
    assertThat(Upsampling.BILINEAR.resize(map, 2, 2, 4, 4))
        .containsExactly(
            0f, .25f, .75f, 1f, //
            .5f, .8125f, 1.4375f, 1.75f, //
            1.5f, 1.9375f, 2.8125f, 3.25f, //
            2f, 2.5f, 3.5f, 4f);
  }

  @Test
  void bilinearByAnOddFactorKeepsTheSamples() {
    float[] map = seeded(4, 5);
    float[] large = Upsampling.BILINEAR.resize(map, 4, 5, 12, 15);
    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 5; x++) {
        assertThat(large[(3 * y + 1) * 15 + 3 * x + 1]).isCloseTo(map[y * 5 + x], within(1e-6f));
      }
    }
  }

  @Test
  void zoom3EqualsSciPy() throws IOException {
    List<String> cases = golden().lines().filter(line -> !line.startsWith("#")).toList();
    assertThat(cases).hasSize(9);
    for (String line : cases) {
      double[] f = Arrays.stream(line.split(",")).mapToDouble(Double::parseDouble).toArray();
      int h = (int) f[0];
      int w = (int) f[1];
      float[] zoomed = Upsampling.ZOOM3.resize(seeded(h, w), h, w, (int) f[2], (int) f[3]);
      int n = zoomed.length;
      double sum = 0;
      for (float v : zoomed) {
        sum += v;
      }
      for (int k = 0; k < 8; k++) {
        double value = zoomed[Math.min(n - 1, k * n / 7)];
        assertThat(value).as("value %d of %s", k, line).isCloseTo(f[4 + k], within(2e-6));
      }
      assertThat(sum / n).as("mean of %s", line).isCloseTo(f[12] / n, within(1e-6));
    }
  }

  @Test
  void zoom3PassesThroughTheSamplesAndKeepsTheLastLine() {
    // At these sizes (n-1)/(N-1)·(N-1) rounds above n-1, where SciPy writes zeros.
    float[] map = seeded(4, 4);
    float[] zoomed = Upsampling.ZOOM3.resize(map, 4, 4, 274, 274);
    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 4; x++) {
        assertThat(zoomed[y * 91 * 274 + x * 91]).isCloseTo(map[y * 4 + x], within(1e-5f));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Upsampling.class)
  void theSameSizeIsTheSameMap(Upsampling upsampling) {
    float[] map = seeded(6, 9);
    float[] same = upsampling.resize(map, 6, 9, 6, 9);
    for (int i = 0; i < map.length; i++) {
      assertThat(same[i]).isCloseTo(map[i], within(2e-6f));
    }
  }

  @ParameterizedTest
  @EnumSource(Upsampling.class)
  void aConstantStaysConstant(Upsampling upsampling) {
    for (float v : upsampling.resize(new float[] {3, 3, 3, 3, 3, 3}, 2, 3, 17, 31)) {
      assertThat(v).isCloseTo(3f, within(1e-6f));
    }
    assertThat(upsampling.resize(new float[] {-2}, 1, 1, 3, 2)).containsOnly(-2f);
  }

  @Test
  void aMapOfAnotherSizeIsRefused() {
    assertThatThrownBy(() -> Upsampling.BILINEAR.resize(new float[5], 2, 3, 4, 4))
        .hasMessage("A map of 2 x 3 cannot have 5 values");
    assertThatThrownBy(() -> Upsampling.ZOOM3.resize(new float[6], 2, 3, 0, 4))
        .hasMessage("Cannot resize a map to 0 x 4");
    assertThatThrownBy(() -> Upsampling.named("cubic")).hasMessageContaining("bilinear or zoom3");
  }

  /** Values from −8 to 8; the generator of the golden file computes the same. */
  private static float[] seeded(int height, int width) {
    float[] map = new float[height * width];
    for (int i = 0; i < map.length; i++) {
      int v = i * 0x9E3779B1;
      v ^= v >>> 15;
      v *= 0x85EBCA77;
      v ^= v >>> 13;
      map[i] = (v & 0xff) / 16f - 8;
    }
    return map;
  }

  private static String golden() throws IOException {
    try (InputStream in = UpsamplingTest.class.getResourceAsStream("scipy-zoom.csv")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
