package io.gradlens.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResamplerTest {

  @ParameterizedTest
  @EnumSource(ResizeFilter.class)
  void equalsPillowToTheBit(ResizeFilter filter) throws IOException {
    List<String> cases =
        golden().lines().filter(line -> line.startsWith(filter.optionName() + ",")).toList();
    assertThat(cases).hasSizeGreaterThanOrEqualTo(30);
    for (String line : cases) {
      String[] f = line.split(",");
      PixelImage image = seeded(number(f[2]), number(f[3]), number(f[1]));
      PixelImage resized = Resampler.resize(image, number(f[4]), number(f[5]), filter);
      assertThat(crc(resized.samples())).as(line).isEqualTo(Long.parseLong(f[6], 16));
    }
  }

  @ParameterizedTest
  @EnumSource(ResizeFilter.class)
  void aPartEqualsTheSamePartOfTheWhole(ResizeFilter filter) {
    for (int channels : new int[] {1, 3}) {
      PixelImage image = seeded(61, 47, channels);
      for (int[] size : new int[][] {{90, 80}, {30, 25}, {61, 20}, {33, 47}, {61, 47}}) {
        PixelImage whole = Resampler.resize(image, size[0], size[1], filter);
        PixelImage part = Resampler.resize(image, size[0], size[1], filter, 4, 3, 20, 15);
        assertThat(part.samples())
            .as("%d x %d x %d", size[0], size[1], channels)
            .isEqualTo(whole.crop(4, 3, 20, 15).samples());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ResizeFilter.class)
  void aPlainPictureStaysPlain(ResizeFilter filter) {
    byte[] samples = new byte[40 * 30];
    Arrays.fill(samples, (byte) 200);
    PixelImage resized = Resampler.resize(new PixelImage(40, 30, 1, samples), 13, 71, filter);
    assertThat(resized.samples()).containsOnly((byte) 200);
  }

  @Test
  void halvingWithTheBoxAveragesFourPixels() {
    PixelImage image = new PixelImage(2, 2, 1, new byte[] {10, 20, 30, 41});
    // Rows first, each rounded: 15 and 35.5 -> 36, and their mean 25.5 -> 26.
    assertThat(Resampler.resize(image, 1, 1, ResizeFilter.BOX).samples()).containsExactly(26);
  }

  @Test
  void sizesBelowOneAreRefused() {
    PixelImage image = seeded(4, 4, 1);
    assertThatThrownBy(() -> Resampler.resize(image, 0, 3, ResizeFilter.BOX))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 x 3");
  }

  @Test
  void anUnknownFilterIsRefusedWithTheChoices() {
    assertThat(ResizeFilter.named("lanczos")).isEqualTo(ResizeFilter.LANCZOS);
    assertThatThrownBy(() -> ResizeFilter.named("cubic"))
        .hasMessage(
            "Resize filter 'cubic' is not known; choose nearest, box, bilinear, bicubic or lanczos.");
  }

  /** Noise that often saturates; the generator of the golden file computes the same. */
  static PixelImage seeded(int width, int height, int channels) {
    byte[] samples = new byte[width * height * channels];
    for (int i = 0; i < samples.length; i++) {
      int v = i * 0x9E3779B1;
      v ^= v >>> 15;
      v *= 0x85EBCA77;
      v ^= v >>> 13;
      samples[i] = (byte) Math.min(Math.max((v & 0xff) * 3 / 2 - 64, 0), 255);
    }
    return new PixelImage(width, height, channels, samples);
  }

  private static int number(String text) {
    return Integer.parseInt(text);
  }

  private static long crc(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return crc.getValue();
  }

  private static String golden() throws IOException {
    try (InputStream in = ResamplerTest.class.getResourceAsStream("pillow-resize.csv")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
