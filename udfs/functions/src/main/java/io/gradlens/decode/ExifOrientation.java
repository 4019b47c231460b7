package io.gradlens.decode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The orientation tag (0x0112) of an EXIF block, which is built like a TIFF file. */
final class ExifOrientation {

  private static final int TAG = 0x0112;
  private static final int SHORT = 3;
  private static final int LONG = 4;

  private ExifOrientation() {}

  /**
   * Reads the tag from the first directory.
   *
   * @param bytes holds the block
   * @param from where its byte order mark ({@code II} or {@code MM}) stands
   * @param length of the block
   * @return the tag, or 1 where there is none or the block is broken: a broken note does not spoil
   *     a picture
   */
  static long read(byte[] bytes, int from, int length) {
    if (length < 8) {
      return 1;
    }
    ByteBuffer exif = ByteBuffer.wrap(bytes, from, length).slice();
    exif.order(bytes[from] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    long directory = Integer.toUnsignedLong(exif.getInt(4));
    if (exif.getShort(2) != 42 || directory + 2 > length) {
      return 1;
    }
    int at = (int) directory;
    int entries = Short.toUnsignedInt(exif.getShort(at));
    at += 2;
    for (int i = 0; i < entries && at + 12 <= length; i++, at += 12) {
      if (Short.toUnsignedInt(exif.getShort(at)) == TAG) {
        return switch (exif.getShort(at + 2)) {
          case SHORT -> Short.toUnsignedLong(exif.getShort(at + 8));
          case LONG -> Integer.toUnsignedLong(exif.getInt(at + 8));
          default -> 1;
        };
      }
    }
    return 1;
  }
}
