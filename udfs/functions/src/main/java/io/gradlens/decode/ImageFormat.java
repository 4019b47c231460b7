package io.gradlens.decode;

import java.io.IOException;
import java.util.HexFormat;

/** The kinds of files that are read, told apart by their first bytes. */
enum ImageFormat {
  JPEG("ffd8ff") {
    @Override
    ImageFile open(byte[] file) throws IOException {
      return JpegFile.open(file);
    }
  },
  PNG("89504e470d0a1a0a") {
    @Override
    ImageFile open(byte[] file) throws IOException {
      return PngFile.open(file);
    }
  },
  GIF("474946383761", "474946383961") {
    @Override
    ImageFile open(byte[] file) throws IOException {
      return GifFile.open(file);
    }
  },
  BMP("424d") {
    @Override
    ImageFile open(byte[] file) throws IOException {
      return BmpFile.open(file);
    }
  },
  TIFF("49492a00", "4d4d002a", "49492b00", "4d4d002b") {
    @Override
    ImageFile open(byte[] file) throws IOException {
      return TiffFile.open(file);
    }
  },
  WEBP("52494646........57454250") {
    @Override
    ImageFile open(byte[] file) throws IOException {
      return WebpFile.open(file);
    }
  };

  /** Bytes in hexadecimal, two dots for any byte. */
  private final String[] signatures;

  ImageFormat(String... signatures) {
    this.signatures = signatures;
  }

  /**
   * Reads the header.
   *
   * @throws IOException if there is no whole header
   */
  abstract ImageFile open(byte[] file) throws IOException;

  /**
   * The format of a file, whatever its name.
   *
   * @throws IOException if it is none of these
   */
  static ImageFormat of(byte[] file) throws IOException {
    if (file.length == 0) {
      throw new IOException("The file is empty (0 bytes)");
    }
    String start = HexFormat.of().formatHex(file, 0, Math.min(12, file.length));
    for (ImageFormat format : values()) {
      for (String signature : format.signatures) {
        if (start.length() >= signature.length()
            && start.substring(0, signature.length()).matches(signature)) {
          return format;
        }
      }
    }
    throw new IOException(
        "Not a picture: %d bytes that start with %s; JPEG, PNG, GIF, BMP, TIFF and WebP are read"
            .formatted(file.length, start));
  }
}
