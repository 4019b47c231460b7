package io.gradlens.decode;

import io.gradlens.UserInputException;
import io.gradlens.image.Orientation;
import io.gradlens.image.PixelImage;
import java.io.IOException;
import java.io.Serializable;

/**
 * Turns a file's bytes into pixels: JPEG (baseline, progressive, grey, CMYK), PNG, GIF (the first
 * frame), BMP, TIFF (the first page) and WebP. Content decides the format.
 *
 * <p>Pixels are those of Pillow's {@code convert("RGB")}, to the bit but for lossy WebP: colour
 * profiles are not applied, alpha is dropped and not blended, palettes are looked up, CMYK is
 * converted without a profile. Samples of 16 bits keep their upper 8 (Pillow saturates 16-bit grey;
 * that is not copied). Grey files stay grey, with one channel.
 *
 * <p>Thread safe; holds no state but its options.
 *
 * @param maxPixels files that declare more are refused before anything is allocated
 * @param exif whether the orientation that a camera stored is applied
 */
public record ImageDecoder(long maxPixels, Exif exif) implements Serializable {

  /** What to do with EXIF's orientation. */
  public enum Exif {
    /** Pixels as stored, what most training pipelines see. */
    IGNORE,
    /** Pixels upright, what people see. */
    APPLY
  }

  /** 100 megapixels. */
  public static final long DEFAULT_MAX_PIXELS = 100_000_000;

  /**
   * @throws UserInputException if maxPixels is below 1
   */
  public ImageDecoder {
    if (maxPixels < 1) {
      throw new UserInputException(
          "The limit of pixels must be at least 1, got " + maxPixels + ".");
    }
  }

  /** Up to 100 megapixels, EXIF ignored. */
  public ImageDecoder() {
    this(DEFAULT_MAX_PIXELS, Exif.IGNORE);
  }

  /**
   * Decodes a file.
   *
   * @param file its whole content; read only
   * @throws UnreadableImageException if it is not a picture, is truncated or corrupt (stage {@code
   *     decode}), or declares too many pixels (stage {@code size})
   * @throws OutOfMemoryError if the heap cannot hold it now
   */
  public DecodedImage decode(byte[] file) {
    try {
      ImageFile picture = ImageFormat.of(file).open(file);
      int width = picture.width();
      int height = picture.height();
      if (width < 1 || height < 1) {
        throw new IOException("The file declares %d x %d pixels".formatted(width, height));
      }
      if ((long) width * height > maxPixels) {
        throw new UnreadableImageException(
            UnreadableImageException.SIZE,
            "The file declares %d x %d = %d pixels, the limit is %d"
                .formatted(width, height, (long) width * height, maxPixels));
      }
      PixelImage pixels = picture.decode();
      if (exif == Exif.APPLY) {
        pixels = Orientation.ofExif(picture.orientation()).apply(pixels);
      }
      return new DecodedImage(pixels, width, height);
    } catch (UnreadableImageException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The JDK's PNG reader wraps all that is thrown, and this need not be about the file.
      if (e.getCause() instanceof OutOfMemoryError outOfMemory) {
        throw outOfMemory;
      }
      // Readers meet corrupt files with exceptions of every kind, all of them about this file.
      String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new UnreadableImageException(UnreadableImageException.DECODE, reason, e);
    }
  }
}
