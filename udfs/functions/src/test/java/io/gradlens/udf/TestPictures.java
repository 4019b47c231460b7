package io.gradlens.udf;

import io.gradlens.image.PixelImage;
import java.util.Random;

/** Pictures for tests. */
public final class TestPictures {

  private TestPictures() {}

  /** A PNG of 16x12 pixels whose right half is of one colour and brighter than its left half. */
  public static byte[] halves(int red, int green, int blue) {
    byte[] samples = new byte[16 * 12 * 3];
    for (int i = 0; i < samples.length / 3; i++) {
      int shade = i % 16 < 8 ? 4 : 1;
      samples[3 * i] = (byte) (red / shade);
      samples[3 * i + 1] = (byte) (green / shade);
      samples[3 * i + 2] = (byte) (blue / shade);
    }
    return new PixelImage(16, 12, 3, samples).toPng();
  }

  /** A PNG of noise; another seed, another picture. */
  public static byte[] noise(long seed) {
    byte[] samples = new byte[20 * 10 * 3];
    new Random(seed).nextBytes(samples);
    return new PixelImage(20, 10, 3, samples).toPng();
  }
}
