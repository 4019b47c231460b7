package io.gradlens.decode;

import io.gradlens.image.PixelImage;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.imageio.ImageReader;

/**
 * The first frame of a GIF file, decoded by the JDK and laid on the logical screen, which is filled
 * with the transparent colour where there is one and with colour 0 where not, as Pillow does.
 */
final class GifFile implements ImageFile {

  private static final int HEADER = 13;
  private static final int EXTENSION = 0x21;
  private static final int IMAGE = 0x2c;

  private final byte[] file;
  private final int width;
  private final int height;
  private final int left;
  private final int top;
  private final boolean complete;

  private GifFile(byte[] file, int descriptor) {
    this.file = file;
    ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    this.left = Short.toUnsignedInt(buffer.getShort(descriptor + 1));
    this.top = Short.toUnsignedInt(buffer.getShort(descriptor + 3));
    // A frame that reaches beyond the screen widens it.
    this.width =
        Math.max(
            Short.toUnsignedInt(buffer.getShort(6)),
            left + Short.toUnsignedInt(buffer.getShort(descriptor + 5)));
    this.height =
        Math.max(
            Short.toUnsignedInt(buffer.getShort(8)),
            top + Short.toUnsignedInt(buffer.getShort(descriptor + 7)));
    int data = descriptor + 10 + paletteLength(file[descriptor + 9]) + 1;
    this.complete = endOfBlocks(file, data) <= file.length;
  }

  static GifFile open(byte[] file) throws IOException {
    int at = file.length < HEADER ? file.length : HEADER + paletteLength(file[10]);
    while (at + 10 <= file.length) {
      if (file[at] == IMAGE) {
        return new GifFile(file, at);
      }
      if (file[at] != EXTENSION) {
        break;
      }
      at = endOfBlocks(file, at + 2);
    }
    throw new IOException("The GIF file has no frame in its %d bytes".formatted(file.length));
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public int height() {
    return height;
  }

  @Override
  public long orientation() {
    return 1;
  }

  @Override
  public PixelImage decode() throws IOException {
    if (!complete) {
      throw new IOException(
          "The GIF file is truncated: the first frame does not end in its %d bytes"
              .formatted(file.length));
    }
    ImageReader reader = ImageReaders.jdk("gif", file);
    try {
      BufferedImage frame = reader.read(0);
      PixelImage pixels = RasterPixels.of(frame);
      if (pixels.width() == width && pixels.height() == height) {
        return pixels;
      }
      IndexColorModel palette = (IndexColorModel) frame.getColorModel();
      return onScreen(pixels, palette.getRGB(Math.max(0, palette.getTransparentPixel())));
    } finally {
      reader.dispose();
    }
  }

  private PixelImage onScreen(PixelImage frame, int background) {
    byte[] samples = new byte[width * height * 3];
    for (int i = 0; i < samples.length; i += 3) {
      samples[i] = (byte) (background >> 16);
      samples[i + 1] = (byte) (background >> 8);
      samples[i + 2] = (byte) background;
    }
    int row = frame.width() * 3;
    for (int y = 0; y < frame.height(); y++) {
      System.arraycopy(frame.samples(), y * row, samples, ((top + y) * width + left) * 3, row);
    }
    return new PixelImage(width, height, 3, samples);
  }

  private static int paletteLength(byte flags) {
    return (flags & 0x80) == 0 ? 0 : 3 << (flags & 7) + 1;
  }

  /** Where the byte behind a chain of blocks stands; beyond the file where the chain is cut. */
  private static int endOfBlocks(byte[] file, int from) {
    int at = from;
    while (at < file.length) {
      int length = file[at] & 0xff;
      at += 1 + length;
      if (length == 0) {
        return at;
      }
    }
    return file.length + 1;
  }
}
