package io.gradlens.decode;

import io.gradlens.image.PixelImage;
import java.io.IOException;

/**
 * A picture's file whose header has been read and whose pixels have not: no memory has been
 * allocated for them yet.
 */
interface ImageFile {

  /** Declared columns. */
  int width();

  /** Declared rows. */
  int height();

  /** EXIF's orientation tag; 1 where there is none. */
  long orientation();

  /**
   * The pixels of the first picture in the file, as stored.
   *
   * @throws IOException if the file is truncated, corrupt or of a kind that is not read
   */
  PixelImage decode() throws IOException;
}
