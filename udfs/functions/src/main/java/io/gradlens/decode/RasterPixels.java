package io.gradlens.decode;

import io.gradlens.image.PixelImage;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;

/**
 * Grey or RGB of what an ImageIO reader gave, from the raster and not by way of {@code getRGB},
 * which converts between colour spaces (it shifts the gamma of grey pictures).
 *
 * <p>Palettes are looked up, alpha is dropped, CMYK is converted as in {@link JpegColours}, samples
 * of n bits become v·255/(2ⁿ−1) for n &lt; 8 and v >> (n−8) for n > 8.
 */
final class RasterPixels {

  private RasterPixels() {}

  /**
   * @throws IOException if the samples are not unsigned integers or the colours neither grey nor
   *     RGB
   */
  static PixelImage of(BufferedImage image) throws IOException {
    Raster raster = image.getRaster();
    if (image.getColorModel() instanceof IndexColorModel palette) {
      return ofPalette(raster, palette);
    }
    int type = image.getColorModel().getColorSpace().getType();
    int bands = raster.getNumBands();
    int channels = bands < 3 ? 1 : 3;
    int dataType = raster.getTransferType();
    if (type == ColorSpace.TYPE_CMYK && bands == 4 && dataType == DataBuffer.TYPE_BYTE) {
      return ofCmyk(raster);
    }
    boolean integers =
        dataType == DataBuffer.TYPE_BYTE
            || dataType == DataBuffer.TYPE_USHORT
            || dataType == DataBuffer.TYPE_INT;
    boolean known =
        channels == 1 ? type == ColorSpace.TYPE_GRAY : type == ColorSpace.TYPE_RGB && bands <= 4;
    if (!integers || !known) {
      throw new IOException(
          "Pictures of %d bands in colour space %d and data type %d are not read"
              .formatted(bands, type, dataType));
    }
    int width = raster.getWidth();
    int height = raster.getHeight();
    byte[][] levels = new byte[channels][];
    for (int c = 0; c < channels; c++) {
      levels[c] = levels(raster.getSampleModel().getSampleSize(c));
    }
    byte[] samples = new byte[width * height * channels];
    int[] row = new int[width * bands];
    int to = 0;
    for (int y = 0; y < height; y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int from = 0; from < row.length; from += bands) {
        for (int c = 0; c < channels; c++) {
          samples[to++] = levels[c][row[from + c]];
        }
      }
    }
    return new PixelImage(width, height, channels, samples);
  }

  private static PixelImage ofCmyk(Raster raster) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    int[] inks = raster.getPixels(raster.getMinX(), raster.getMinY(), width, height, (int[]) null);
    byte[] inverted = new byte[inks.length];
    for (int i = 0; i < inks.length; i++) {
      inverted[i] = (byte) ~inks[i];
    }
    return JpegColours.CMYK.convert(inverted, width, height);
  }

  private static PixelImage ofPalette(Raster raster, IndexColorModel palette) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    int[] colours = new int[palette.getMapSize()];
    palette.getRGBs(colours);
    byte[] samples = new byte[width * height * 3];
    int[] row = new int[width];
    int to = 0;
    for (int y = 0; y < height; y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int index : row) {
        int rgb = index < colours.length ? colours[index] : 0;
        samples[to++] = (byte) (rgb >> 16);
        samples[to++] = (byte) (rgb >> 8);
        samples[to++] = (byte) rgb;
      }
    }
    return new PixelImage(width, height, 3, samples);
  }

  /** The 8-bit level of every sample of a number of bits. */
  private static byte[] levels(int bits) throws IOException {
    if (bits > 16) {
      throw new IOException("Pictures of %d bits a sample are not read".formatted(bits));
    }
    byte[] levels = new byte[1 << bits];
    for (int v = 0; v < levels.length; v++) {
      levels[v] = (byte) (bits > 8 ? v >> bits - 8 : v * 255 / (levels.length - 1));
    }
    return levels;
  }
}
