package io.gradlens.cam;

import io.gradlens.image.PixelImage;

/**
 * Draws a heatmap over the picture that it explains.
 *
 * <p>The heatmap is enlarged to the picture, divided by its maximum (values below 0, which {@link
 * Upsampling#ZOOM3} may bring, count as 0), coloured, and blended: (1−α)·picture + α·colour. A zero
 * map gives the picture under the colour of 0.
 *
 * @param colormap the colours
 * @param upsampling how the heatmap grows to the picture's size
 * @param alpha α, the heatmap's share, from 0 to 1
 */
public record Overlay(Colormap colormap, Upsampling upsampling, double alpha) {

  /** Jet, bilinear, 40 % heatmap. */
  public static final Overlay DEFAULT = new Overlay(Colormap.JET, Upsampling.BILINEAR, 0.4);

  /**
   * @throws IllegalArgumentException if alpha is not from 0 to 1
   */
  public Overlay {
    if (!(alpha >= 0 && alpha <= 1)) {
      throw new IllegalArgumentException("Alpha must be from 0 to 1, got " + alpha);
    }
  }

  /**
   * The heatmap by itself, in colours.
   *
   * @param heatmap {@code [height,width]}, row major; read only
   * @param pictureWidth columns of the result
   * @param pictureHeight rows of the result
   */
  public PixelImage colour(
      float[] heatmap, int height, int width, int pictureWidth, int pictureHeight) {
    float[] values = upsampling.resize(heatmap, height, width, pictureHeight, pictureWidth);
    float max = 0;
    for (float v : values) {
      max = Math.max(max, v);
    }
    byte[] samples = new byte[values.length * 3];
    for (int i = 0; i < values.length; i++) {
      int rgb = colormap.rgb(max > 0 ? values[i] / max : 0);
      samples[3 * i] = (byte) (rgb >> 16);
      samples[3 * i + 1] = (byte) (rgb >> 8);
      samples[3 * i + 2] = (byte) rgb;
    }
    return new PixelImage(pictureWidth, pictureHeight, 3, samples);
  }

  /**
   * The picture with the heatmap blended over all of it.
   *
   * @param picture what the network saw: for a centre crop, the crop ({@link PixelImage#crop})
   * @param heatmap {@code [height,width]}, row major; read only
   * @return RGB, of the picture's size
   */
  public PixelImage blend(PixelImage picture, float[] heatmap, int height, int width) {
    byte[] below = picture.toRgb().samples();
    byte[] above = colour(heatmap, height, width, picture.width(), picture.height()).samples();
    byte[] samples = new byte[below.length];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) Math.round((1 - alpha) * (below[i] & 0xff) + alpha * (above[i] & 0xff));
    }
    return new PixelImage(picture.width(), picture.height(), 3, samples);
  }

  /**
   * The picture as it is, and {@link #blend} to its right.
   *
   * @return RGB, twice as wide as the picture
   */
  public PixelImage sideBySide(PixelImage picture, float[] heatmap, int height, int width) {
    byte[] left = picture.toRgb().samples();
    byte[] right = blend(picture, heatmap, height, width).samples();
    int row = picture.width() * 3;
    byte[] samples = new byte[2 * left.length];
    for (int y = 0; y < picture.height(); y++) {
      System.arraycopy(left, y * row, samples, 2 * y * row, row);
      System.arraycopy(right, y * row, samples, (2 * y + 1) * row, row);
    }
    return new PixelImage(2 * picture.width(), picture.height(), 3, samples);
  }
}
