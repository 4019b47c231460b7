package io.gradlens.decode;

import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import io.gradlens.image.PixelImage;
import java.io.IOException;
import javax.imageio.ImageReader;

/** The first page of a TIFF file, decoded by TwelveMonkeys. */
final class TiffFile implements ImageFile {

  private static final TIFFImageReaderSpi PROVIDER = new TIFFImageReaderSpi();

  private final byte[] file;
  private final int width;
  private final int height;

  private TiffFile(byte[] file, int width, int height) {
    this.file = file;
    this.width = width;
    this.height = height;
  }

  static TiffFile open(byte[] file) throws IOException {
    ImageReader reader = ImageReaders.open(PROVIDER, file);
    try {
      return new TiffFile(file, reader.getWidth(0), reader.getHeight(0));
    } finally {
      reader.dispose();
    }
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
    return ExifOrientation.read(file, 0, file.length);
  }

  @Override
  public PixelImage decode() throws IOException {
    ImageReader reader = ImageReaders.open(PROVIDER, file);
    try {
      return RasterPixels.of(reader.read(0));
    } finally {
      reader.dispose();
    }
  }
}
