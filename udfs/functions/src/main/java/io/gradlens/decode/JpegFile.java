package io.gradlens.decode;

import io.gradlens.image.PixelImage;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageReader;

/**
 * A JPEG file. The JDK's libjpeg decodes the samples, {@link JpegColours} turns them into RGB.
 *
 * <p>The file's segments are walked first: for the dimensions, for the end-of-image marker that a
 * truncated file lacks (libjpeg would fill the rest with grey and say nothing), and because the
 * JDK's own guess at the colour space differs from libjpeg's and fails on broken profiles. It
 * therefore gets a copy without application segments, whose raw samples it returns.
 */
final class JpegFile implements ImageFile {

  private static final int SOI = 0xd8;
  private static final int EOI = 0xd9;
  private static final int SOS = 0xda;
  private static final int COM = 0xfe;
  private static final int APP0 = 0xe0;
  private static final int APP1 = 0xe1;
  private static final int APP14 = 0xee;
  private static final int APP15 = 0xef;

  private final byte[] file;
  private final ByteArrayOutputStream plain = new ByteArrayOutputStream();
  private int width;
  private int height;
  private byte[] componentIds;
  private boolean jfif;
  private int adobeTransform = JpegColours.NO_ADOBE;
  private long orientation = 1;
  private boolean complete;

  private JpegFile(byte[] file) {
    this.file = file;
  }

  static JpegFile open(byte[] file) throws IOException {
    JpegFile jpeg = new JpegFile(file);
    jpeg.walk();
    if (jpeg.componentIds == null) {
      throw new IOException(
          "The JPEG file has no frame header in its %d bytes".formatted(file.length));
    }
    return jpeg;
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
    return orientation;
  }

  @Override
  public PixelImage decode() throws IOException {
    if (!complete) {
      throw new IOException(
          "The JPEG file is truncated: no end-of-image marker in its %d bytes"
              .formatted(file.length));
    }
    ImageReader reader = ImageReaders.jdk("jpeg", plain.toByteArray());
    try {
      Raster raster = reader.readRaster(0, null);
      byte[] samples = ((DataBufferByte) raster.getDataBuffer()).getData();
      return JpegColours.of(componentIds, jfif, adobeTransform).convert(samples, width, height);
    } finally {
      reader.dispose();
    }
  }

  /** Goes from marker to marker up to the end of the image or of the bytes. */
  private void walk() {
    int at = 0;
    while (at < file.length) {
      if (byteAt(at) != 0xff || byteAt(at + 1) == 0xff) {
        at++; // Stray and fill bytes before a marker.
        continue;
      }
      int marker = byteAt(at + 1);
      if (marker == EOI) {
        plain.write(file, at, 2);
        complete = true;
        return;
      }
      if (marker == SOI || marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
        if (marker == SOI && at == 0) {
          plain.write(file, at, 2);
        }
        at += 2; // These stand alone.
        continue;
      }
      int length = byteAt(at + 2) << 8 | byteAt(at + 3);
      int end = at + 2 + length;
      if (length < 2 || end > file.length) {
        return;
      }
      read(marker, at + 4, length - 2);
      if (marker == SOS) {
        end = endOfScan(end);
      }
      if (marker < APP0 || (marker > APP15 && marker != COM)) {
        plain.write(file, at, end - at);
      }
      at = end;
    }
  }

  private void read(int marker, int from, int length) {
    if (marker == APP0 && startsWith("JFIF\0", from, length)) {
      jfif = true;
    } else if (marker == APP1 && startsWith("Exif\0", from, length) && length > 6) {
      orientation = ExifOrientation.read(file, from + 6, length - 6);
    } else if (marker == APP14 && startsWith("Adobe", from, length) && length >= 12) {
      adobeTransform = byteAt(from + 11);
    } else if (isFrame(marker) && componentIds == null && length >= 6) {
      height = byteAt(from + 1) << 8 | byteAt(from + 2);
      width = byteAt(from + 3) << 8 | byteAt(from + 4);
      componentIds = new byte[Math.min(byteAt(from + 5), (length - 6) / 3)];
      for (int i = 0; i < componentIds.length; i++) {
        componentIds[i] = file[from + 6 + 3 * i];
      }
    }
  }

  /** SOF0 to SOF15, of whose range DHT, JPG and DAC take three. */
  private static boolean isFrame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  /** Where the next marker stands that is neither a stuffed byte nor a restart. */
  private int endOfScan(int from) {
    for (int at = from; at + 1 < file.length; at++) {
      if (file[at] == (byte) 0xff) {
        int next = byteAt(at + 1);
        if (next != 0 && next != 0xff && (next < 0xd0 || next > 0xd7)) {
          return at;
        }
      }
    }
    return file.length;
  }

  private boolean startsWith(String text, int from, int length) {
    return length >= text.length()
        && text.equals(new String(file, from, text.length(), StandardCharsets.ISO_8859_1));
  }

  /** An unsigned byte, or 0 behind the end. */
  private int byteAt(int at) {
    return at < file.length ? file[at] & 0xff : 0;
  }
}
