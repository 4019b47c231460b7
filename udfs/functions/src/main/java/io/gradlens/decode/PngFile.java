package io.gradlens.decode;

import io.gradlens.image.PixelImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import javax.imageio.ImageReader;

/**
 * A PNG file, decoded by the JDK. Its chunks are walked first: the JDK's reader takes a file that
 * ends early, or whose data are damaged, for a whole one.
 */
final class PngFile implements ImageFile {

  private static final int SIGNATURE = 8;
  private static final int IHDR = 0x49484452;
  private static final int PLTE = 0x504c5445;
  private static final int IDAT = 0x49444154;
  private static final int IEND = 0x49454e44;
  private static final int EXIF = 0x65584966;

  private final ByteBuffer file;
  private final int width;
  private final int height;
  private long orientation = 1;

  /** Why the file cannot be decoded, or null. */
  private final String defect;

  private PngFile(ByteBuffer file) {
    this.file = file;
    this.width = file.getInt(SIGNATURE + 8);
    this.height = file.getInt(SIGNATURE + 12);
    this.defect = defect();
  }

  static PngFile open(byte[] file) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(file);
    if (file.length < SIGNATURE + 25 || buffer.getInt(SIGNATURE + 4) != IHDR) {
      throw new IOException("The PNG file has no header in its %d bytes".formatted(file.length));
    }
    return new PngFile(buffer);
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
    if (defect != null) {
      throw new IOException(defect);
    }
    ImageReader reader = ImageReaders.jdk("png", file.array());
    String[] warning = new String[1];
    reader.addIIOReadWarningListener((source, message) -> warning[0] = message);
    try {
      PixelImage pixels = RasterPixels.of(reader.read(0));
      if (warning[0] != null) {
        throw new IOException("The PNG file is corrupt: " + warning[0]);
      }
      return pixels;
    } finally {
      reader.dispose();
    }
  }

  /** Walks the chunks to the last one; those that make the picture must have the right checksum. */
  private String defect() {
    long at = SIGNATURE;
    while (at + 12 <= file.limit()) {
      int start = (int) at;
      long length = Integer.toUnsignedLong(file.getInt(start));
      int type = file.getInt(start + 4);
      long end = at + 12 + length;
      if (end > file.limit()) {
        break;
      }
      if ((type == IHDR || type == PLTE || type == IDAT) && !intact(start + 4, (int) length + 4)) {
        return "The PNG file is corrupt: wrong checksum in the chunk at byte " + start;
      }
      if (type == EXIF) {
        orientation = ExifOrientation.read(file.array(), start + 8, (int) length);
      }
      if (type == IEND) {
        return null;
      }
      at = end;
    }
    return "The PNG file is truncated: no IEND chunk in its %d bytes".formatted(file.limit());
  }

  private boolean intact(int from, int length) {
    CRC32 crc = new CRC32();
    crc.update(file.array(), from, length);
    return (int) crc.getValue() == file.getInt(from + length);
  }
}
