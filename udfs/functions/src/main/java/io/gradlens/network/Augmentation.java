package io.gradlens.network;

import io.gradlens.UserInputException;
import io.gradlens.image.PixelImage;
import io.gradlens.image.Resampler;
import io.gradlens.image.ResizeFilter;
import io.gradlens.random.CounterRandom;
import java.io.Serializable;
import java.util.Locale;

/**
 * Random changes of pictures that keep what they show. What happens to a picture is a function of a
 * key alone, so that it does not depend on partitions, workers or neighbours.
 *
 * @param flip mirrors half of the pictures left to right
 * @param crop takes a window whose sides are a random share of the picture's, from this to 1, and
 *     resizes it to the picture's size (bilinear); 1 for never
 * @param shift moves by up to so many pixels along each axis; pixels at the edge are repeated
 */
public record Augmentation(boolean flip, double crop, int shift) implements Serializable {

  /** Pictures stay as they are. */
  public static final Augmentation NONE = new Augmentation(false, 1, 0);

  /**
   * Reads {@code none} or a list of {@code flip}, {@code crop:SHARE}, {@code shift:PIXELS}.
   *
   * @throws UserInputException if it is neither
   */
  public static Augmentation parse(String text) {
    if (text.strip().equals("none")) {
      return NONE;
    }
    Augmentation all = NONE;
    for (String part : text.split(",")) {
      String[] words = part.strip().toLowerCase(Locale.ROOT).split(":", 2);
      try {
        all =
            switch (words[0]) {
              case "flip" -> new Augmentation(true, all.crop, all.shift);
              case "crop" -> new Augmentation(all.flip, Double.parseDouble(words[1]), all.shift);
              case "shift" -> new Augmentation(all.flip, all.crop, Integer.parseInt(words[1]));
              default -> throw unknown(part);
            };
      } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
        throw unknown(part);
      }
    }
    if (!(all.crop > 0 && all.crop <= 1) || all.shift < 0) {
      throw unknown(text);
    }
    return all;
  }

  private static UserInputException unknown(String part) {
    return new UserInputException(
        "Augmentation '%s' is not known; choose none, or a list of flip, crop:SHARE (above 0, up to 1) and shift:PIXELS, as in flip,shift:4."
            .formatted(part.strip()));
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    if (equals(NONE)) {
      return "none";
    }
    String all =
        (flip ? "flip," : "")
            + (crop < 1 ? "crop:" + crop + "," : "")
            + (shift > 0 ? "shift:" + shift + "," : "");
    return all.substring(0, all.length() - 1);
  }

  /**
   * Changes a picture.
   *
   * @param key decides what happens
   * @return a picture of the same size; the same where nothing happens
   */
  public PixelImage apply(PixelImage picture, long key) {
    PixelImage changed = crop < 1 ? cropped(picture, key) : picture;
    int dx = shift == 0 ? 0 : offset(CounterRandom.bits(key, 3));
    int dy = shift == 0 ? 0 : offset(CounterRandom.bits(key, 4));
    boolean mirrored = flip && CounterRandom.bits(key, 5) < 0;
    return mirrored || dx != 0 || dy != 0 ? moved(changed, dx, dy, mirrored) : changed;
  }

  private PixelImage cropped(PixelImage picture, long key) {
    double share = crop + (1 - crop) * CounterRandom.uniform(CounterRandom.bits(key, 0));
    int width = Math.max(1, (int) Math.round(share * picture.width()));
    int height = Math.max(1, (int) Math.round(share * picture.height()));
    int x = below(picture.width() - width + 1, CounterRandom.bits(key, 1));
    int y = below(picture.height() - height + 1, CounterRandom.bits(key, 2));
    return Resampler.resize(
        picture.crop(x, y, width, height),
        picture.width(),
        picture.height(),
        ResizeFilter.BILINEAR);
  }

  private int offset(long bits) {
    return below(2 * shift + 1, bits) - shift;
  }

  private static int below(int bound, long bits) {
    return (int) (CounterRandom.uniform(bits) * bound);
  }

  private static PixelImage moved(PixelImage picture, int dx, int dy, boolean mirrored) {
    int width = picture.width();
    int height = picture.height();
    int channels = picture.channels();
    byte[] from = picture.samples();
    byte[] to = new byte[from.length];
    for (int y = 0, at = 0; y < height; y++) {
      int row = Math.min(Math.max(y - dy, 0), height - 1) * width;
      for (int x = 0; x < width; x++) {
        int column = Math.min(Math.max((mirrored ? width - 1 - x : x) - dx, 0), width - 1);
        int source = (row + column) * channels;
        for (int c = 0; c < channels; c++) {
          to[at++] = from[source + c];
        }
      }
    }
    return new PixelImage(width, height, channels, to);
  }
}
