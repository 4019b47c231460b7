package io.gradlens.image;

/**
 * How a camera was held: EXIF's orientation tag 1 to 8, in that order. Each constant says what
 * turns the stored picture upright.
 */
public enum Orientation {
  AS_STORED(false, false, false),
  FLIP_LEFT_RIGHT(false, true, false),
  ROTATE_180(false, true, true),
  FLIP_TOP_BOTTOM(false, false, true),
  TRANSPOSE(true, false, false),
  ROTATE_CLOCKWISE(true, false, true),
  TRANSVERSE(true, true, true),
  ROTATE_COUNTERCLOCKWISE(true, true, false);

  private final boolean swapsAxes;

  /** Whether stored columns are read from the right, before axes are swapped. */
  private final boolean fromRight;

  /** Whether stored rows are read from the bottom. */
  private final boolean fromBottom;

  Orientation(boolean swapsAxes, boolean fromRight, boolean fromBottom) {
    this.swapsAxes = swapsAxes;
    this.fromRight = fromRight;
    this.fromBottom = fromBottom;
  }

  /** The orientation of an EXIF tag; values that the standard does not know count as 1. */
  public static Orientation ofExif(long tag) {
    return tag >= 1 && tag <= 8 ? values()[(int) tag - 1] : AS_STORED;
  }

  /** The picture upright: a new one, or the same where nothing is to do. */
  public PixelImage apply(PixelImage stored) {
    if (this == AS_STORED) {
      return stored;
    }
    int channels = stored.channels();
    int columnStep = (fromRight ? -1 : 1) * channels;
    int rowStep = (fromBottom ? -1 : 1) * stored.width() * channels;
    int origin =
        (fromRight ? (stored.width() - 1) * channels : 0)
            + (fromBottom ? (stored.height() - 1) * stored.width() * channels : 0);
    int width = swapsAxes ? stored.height() : stored.width();
    int height = swapsAxes ? stored.width() : stored.height();
    int stepX = swapsAxes ? rowStep : columnStep;
    int stepY = swapsAxes ? columnStep : rowStep;
    byte[] upright = new byte[stored.samples().length];
    int to = 0;
    for (int y = 0; y < height; y++) {
      int from = origin + y * stepY;
      for (int x = 0; x < width; x++, from += stepX) {
        for (int c = 0; c < channels; c++) {
          upright[to++] = stored.samples()[from + c];
        }
      }
    }
    return new PixelImage(width, height, channels, upright);
  }
}
