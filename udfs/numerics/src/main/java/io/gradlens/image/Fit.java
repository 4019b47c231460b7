package io.gradlens.image;

import java.util.Locale;

/** How a picture of any shape fills a network's input. */
public enum Fit {
  /** The whole picture, stretched to the input's shape. What Keras' {@code load_img} does. */
  SQUASH {
    @Override
    public FittedImage apply(PixelImage image, int width, int height, ResizeFilter filter) {
      return new FittedImage(
          Resampler.resize(image, width, height, filter), 0, 0, image.width(), image.height());
    }
  },
  /**
   * The picture is resized, its shape kept, so that it just covers the input, and the middle is cut
   * out. What torchvision's {@code Resize(s)} and {@code CenterCrop(s)} do for a square input.
   *
   * <p>Rounding, for a picture w x h and an input W x H: where w/h ≤ W/H the width becomes W and
   * the height ⌊W·h/w⌋, but at least H; else the height becomes H and the width ⌊H·w/h⌋, but at
   * least W. Of a surplus of n rows or columns, n/2 go before the crop, a half rounded to the even
   * number. The crop box is the part's corners in the picture, each rounded to the nearest pixel.
   */
  CENTER_CROP {
    @Override
    public FittedImage apply(PixelImage image, int width, int height, ResizeFilter filter) {
      long w = image.width();
      long h = image.height();
      boolean fillsWidth = w * height <= h * width;
      int resizedWidth = fillsWidth ? width : (int) Math.max(width, height * w / h);
      int resizedHeight = fillsWidth ? (int) Math.max(height, width * h / w) : height;
      int x = (int) Math.rint((resizedWidth - width) / 2.0);
      int y = (int) Math.rint((resizedHeight - height) / 2.0);
      int left = scaled(x, w, resizedWidth);
      int top = scaled(y, h, resizedHeight);
      return new FittedImage(
          Resampler.resize(image, resizedWidth, resizedHeight, filter, x, y, width, height),
          left,
          top,
          Math.max(1, scaled(x + width, w, resizedWidth) - left),
          Math.max(1, scaled(y + height, h, resizedHeight) - top));
    }
  };

  /**
   * Makes a network's input of a picture.
   *
   * @param image the picture, after any EXIF rotation
   * @param width W, columns of the input
   * @param height H, rows of the input
   */
  public abstract FittedImage apply(PixelImage image, int width, int height, ResizeFilter filter);

  /** The name on the command line: {@code squash}, {@code center-crop}. */
  public String optionName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Looks a fit up by its {@link #optionName}.
   *
   * @throws IllegalArgumentException for another name
   */
  public static Fit named(String name) {
    for (Fit fit : values()) {
      if (fit.optionName().equals(name)) {
        return fit;
      }
    }
    throw new IllegalArgumentException(
        "Fit '%s' is not known; choose squash or center-crop.".formatted(name));
  }

  private static int scaled(int position, long size, int resized) {
    return (int) Math.round((double) position * size / resized);
  }
}
