package io.gradlens.image;

import java.awt.Point;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

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

  /** The same in colour: grey three times over. Itself where it is in colour. */
  public PixelImage toRgb() {
    if (channels == 3) {
      return this;
    }
    byte[] rgb = new byte[samples.length * 3];
    for (int i = 0; i < samples.length; i++) {
      rgb[3 * i] = samples[i];
      rgb[3 * i + 1] = samples[i];
      rgb[3 * i + 2] = samples[i];
    }
    return new PixelImage(width, height, 3, rgb);
  }

  /**
   * The same in grey: (19595·R + 38470·G + 7471·B + 32768) >> 16, ITU-R 601-2 luma as Pillow's
   * {@code convert("L")} computes it. Itself where it is grey.
   */
  public PixelImage toGrey() {
    if (channels == 1) {
      return this;
    }
    byte[] grey = new byte[samples.length / 3];
    for (int i = 0, at = 0; i < grey.length; i++, at += 3) {
      int r = samples[at] & 0xff;
      int g = samples[at + 1] & 0xff;
      int b = samples[at + 2] & 0xff;
      grey[i] = (byte) (19595 * r + 38470 * g + 7471 * b + 32768 >> 16);
    }
    return new PixelImage(width, height, 1, grey);
  }

  /**
   * A part of the picture.
   *
   * @param x first column
   * @param y first row
   * @throws IllegalArgumentException if the part does not lie within the picture
   */
  public PixelImage crop(int x, int y, int cropWidth, int cropHeight) {
    if (x < 0 || y < 0 || x + (long) cropWidth > width || y + (long) cropHeight > height) {
      throw new IllegalArgumentException(
          "Cannot crop %d x %d at (%d, %d) from a picture of %d x %d"
              .formatted(cropWidth, cropHeight, x, y, width, height));
    }
    byte[] part = new byte[cropWidth * cropHeight * channels];
    int row = cropWidth * channels;
    for (int i = 0; i < cropHeight; i++) {
      System.arraycopy(samples, ((y + i) * width + x) * channels, part, i * row, row);
    }
    return new PixelImage(cropWidth, cropHeight, channels, part);
  }

  /** The picture as a PNG file, 8 bits a sample, grey or RGB. */
  public byte[] toPng() {
    return file("png");
  }

  /**
   * The picture as a baseline JPEG file, grey or colour with halved chroma, at the quality that the
   * JDK's encoder has by default (0.75): for looking at, not for computing with.
   */
  public byte[] toJpeg() {
    return file("jpeg");
  }

  private byte[] file(String format) {
    int[] offsets = channels == 1 ? new int[] {0} : new int[] {0, 1, 2};
    var colours =
        new ComponentColorModel(
            ColorSpace.getInstance(channels == 1 ? ColorSpace.CS_GRAY : ColorSpace.CS_sRGB),
            false,
            false,
            Transparency.OPAQUE,
            DataBuffer.TYPE_BYTE);
    var raster =
        Raster.createInterleavedRaster(
            new DataBufferByte(samples, samples.length),
            width,
            height,
            width * channels,
            channels,
            offsets,
            new Point());
    var bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    // Not ImageIO.write: its stream goes through a temporary file.
    try (var stream = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(stream);
      writer.write(new BufferedImage(colours, raster, false, null));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write a picture to memory as " + format, e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
