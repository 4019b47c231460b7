package io.gradlens.image;

import java.util.Arrays;

/**
 * Resizes pictures to the bit as Pillow's {@code Image.resize} does 8-bit grey and RGB: in fixed
 * point, rows first, rounded to 8 bits between the two passes; an axis that keeps its length is
 * left alone.
 *
 * <p>Cost: about H·W'·r + H'·W'·r' multiplications a channel, where r and r' are the inputs an
 * output takes; the first pass runs only over the rows that the second will read.
 *
 * <p>Source: Pillow 9.4 to 12, Resample.c and Geometry.c.
 */
public final class Resampler {

  private static final int HALF = 1 << (ResampleAxis.PRECISION_BITS - 1);

  private Resampler() {}

  /**
   * The whole picture at another size.
   *
   * @return a new picture of the same number of channels, or the same where the size is
   * @throws IllegalArgumentException if the size is below 1
   */
  public static PixelImage resize(PixelImage image, int width, int height, ResizeFilter filter) {
    return resize(image, width, height, filter, 0, 0, width, height);
  }

  /**
   * A part of the resized picture: what {@link #resize} and then {@link PixelImage#crop} would
   * give, without computing the rest.
   *
   * @param width of the whole resized picture
   * @param height of the whole resized picture
   * @param x first column of the part
   * @param y first row of the part
   * @throws IllegalArgumentException if the size is below 1 or the part does not lie within it
   */
  static PixelImage resize(
      PixelImage image,
      int width,
      int height,
      ResizeFilter filter,
      int x,
      int y,
      int partWidth,
      int partHeight) {
    if (partWidth < 1
        || partHeight < 1
        || x < 0
        || y < 0
        || x + partWidth > width
        || y + partHeight > height) {
      throw new IllegalArgumentException(
          "Cannot resize to %d x %d and take %d x %d at (%d, %d)"
              .formatted(width, height, partWidth, partHeight, x, y));
    }
    if (width == image.width() && height == image.height()) {
      return partWidth == width && partHeight == height
          ? image
          : image.crop(x, y, partWidth, partHeight);
    }
    if (filter == ResizeFilter.NEAREST) {
      return nearest(image, width, height, x, y, partWidth, partHeight);
    }
    ResampleAxis rows = ResampleAxis.of(filter, image.height(), height, y, partHeight);
    boolean keepsHeight = height == image.height();
    int begin = keepsHeight ? y : rows.begin();
    int end = keepsHeight ? y + partHeight : rows.end();
    PixelImage squeezed;
    if (width == image.width()) {
      squeezed = image.crop(x, begin, partWidth, end - begin);
    } else {
      ResampleAxis columns = ResampleAxis.of(filter, image.width(), width, x, partWidth);
      squeezed =
          image.channels() == 1
              ? horizontalGrey(image, columns, begin, end)
              : horizontalRgb(image, columns, begin, end);
    }
    return keepsHeight ? squeezed : vertical(squeezed, rows, begin);
  }

  private static PixelImage horizontalRgb(PixelImage image, ResampleAxis axis, int begin, int end) {
    byte[] in = image.samples();
    int[] weights = axis.weights();
    int width = axis.starts().length;
    byte[] out = new byte[(end - begin) * width * 3];
    int to = 0;
    for (int y = begin; y < end; y++) {
      int row = y * image.width() * 3;
      for (int x = 0; x < width; x++) {
        int r = HALF;
        int g = HALF;
        int b = HALF;
        int from = row + axis.starts()[x] * 3;
        int k = x * axis.stride();
        for (int last = k + axis.counts()[x]; k < last; k++, from += 3) {
          int w = weights[k];
          r += (in[from] & 0xff) * w;
          g += (in[from + 1] & 0xff) * w;
          b += (in[from + 2] & 0xff) * w;
        }
        out[to] = clipped(r);
        out[to + 1] = clipped(g);
        out[to + 2] = clipped(b);
        to += 3;
      }
    }
    return new PixelImage(width, end - begin, 3, out);
  }

  private static PixelImage horizontalGrey(
      PixelImage image, ResampleAxis axis, int begin, int end) {
    byte[] in = image.samples();
    int width = axis.starts().length;
    byte[] out = new byte[(end - begin) * width];
    int to = 0;
    for (int y = begin; y < end; y++) {
      for (int x = 0; x < width; x++) {
        int sum = HALF;
        int from = y * image.width() + axis.starts()[x];
        int k = x * axis.stride();
        for (int last = k + axis.counts()[x]; k < last; k++, from++) {
          sum += (in[from] & 0xff) * axis.weights()[k];
        }
        out[to++] = clipped(sum);
      }
    }
    return new PixelImage(width, end - begin, 1, out);
  }

  /**
   * @param offset the row of the original that is the first one here
   */
  private static PixelImage vertical(PixelImage image, ResampleAxis axis, int offset) {
    byte[] in = image.samples();
    int row = image.width() * image.channels();
    int height = axis.starts().length;
    byte[] out = new byte[height * row];
    int[] sums = new int[row];
    for (int y = 0; y < height; y++) {
      Arrays.fill(sums, HALF);
      for (int i = 0; i < axis.counts()[y]; i++) {
        int w = axis.weights()[y * axis.stride() + i];
        int from = (axis.starts()[y] - offset + i) * row;
        for (int x = 0; x < row; x++) {
          sums[x] += (in[from + x] & 0xff) * w;
        }
      }
      for (int x = 0; x < row; x++) {
        out[y * row + x] = clipped(sums[x]);
      }
    }
    return new PixelImage(image.width(), height, image.channels(), out);
  }

  private static byte clipped(int sum) {
    int value = sum >> ResampleAxis.PRECISION_BITS;
    return (byte) (value < 0 ? 0 : Math.min(value, 255));
  }

  private static PixelImage nearest(
      PixelImage image, int width, int height, int x, int y, int partWidth, int partHeight) {
    int[] columns = nearestSources(image.width(), width);
    int[] rows = nearestSources(image.height(), height);
    int channels = image.channels();
    byte[] out = new byte[partWidth * partHeight * channels];
    int to = 0;
    for (int i = y; i < y + partHeight; i++) {
      for (int j = x; j < x + partWidth; j++) {
        int from = (rows[i] * image.width() + columns[j]) * channels;
        for (int c = 0; c < channels; c++) {
          out[to++] = image.samples()[from + c];
        }
      }
    }
    return new PixelImage(partWidth, partHeight, channels, out);
  }

  /**
   * Which input each output shows. Pillow adds the step up, so its rounding is part of the bits.
   */
  private static int[] nearestSources(int n, int target) {
    int[] sources = new int[target];
    double step = (double) n / target;
    double at = step * 0.5;
    for (int i = 0; i < target; i++) {
      sources[i] = Math.min((int) at, n - 1);
      at += step;
    }
    return sources;
  }
}
