package io.gradlens.image;

/**
 * A decoded picture: 8-bit samples, row major, channels interleaved.
 *
 * @param width columns
 * @param height rows
 * @param channels 1 (grey) or 3 (red, green, blue)
 * @param samples {@code [height,width,channels]}, unsigned bytes
 */
public record PixelImage(int width, int height, int channels, byte[] samples) {

  /**
   * @throws IllegalArgumentException if the sizes do not agree
   */
  public PixelImage {
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException("A PixelImage has 1 or 3 channels, got " + channels);
    }
    if (width < 1 || height < 1 || samples.length != (long) width * height * channels) {
      throw new IllegalArgumentException(
          "A PixelImage of %d x %d x %d cannot have %d samples"
              .formatted(width, height, channels, samples.length));
    }
  }
}
