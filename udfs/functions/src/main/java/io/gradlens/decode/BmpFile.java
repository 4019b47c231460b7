package io.gradlens.decode;

import io.gradlens.image.PixelImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.imageio.ImageReader;

/** A BMP file, decoded by the JDK once its declared data are known to be there. */
final class BmpFile implements ImageFile {

  /** The header of OS/2 1.x, with dimensions of 16 bits. */
  private static final int CORE_HEADER = 12;

  private static final int UNCOMPRESSED = 0;
  private static final int BIT_FIELDS = 3;

  private final byte[] file;
  private final int width;
  private final int height;
  private final long neededBytes;

  private BmpFile(ByteBuffer file) {
    this.file = file.array();
    long data = Integer.toUnsignedLong(file.getInt(10));
    boolean core = file.getInt(14) == CORE_HEADER;
    this.width = core ? Short.toUnsignedInt(file.getShort(18)) : file.getInt(18);
    // A negative height says that the rows run from the top.
    this.height = core ? Short.toUnsignedInt(file.getShort(20)) : Math.abs(file.getInt(22));
    int bits = file.getShort(core ? 24 : 28);
    int compression = core ? UNCOMPRESSED : file.getInt(30);
    boolean plain = compression == UNCOMPRESSED || compression == BIT_FIELDS;
    long row = ((long) width * bits + 31) / 32 * 4;
    this.neededBytes = data + (plain ? row * height : Integer.toUnsignedLong(file.getInt(34)));
  }

  static BmpFile open(byte[] file) throws IOException {
    if (file.length < 38) {
      throw new IOException("The BMP file has no header in its %d bytes".formatted(file.length));
    }
    return new BmpFile(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN));
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
    if (file.length < neededBytes) {
      throw new IOException(
          "The BMP file is truncated: %d of %d bytes".formatted(file.length, neededBytes));
    }
    ImageReader reader = ImageReaders.jdk("bmp", file);
    try {
      return RasterPixels.of(reader.read(0));
    } finally {
      reader.dispose();
    }
  }
}
