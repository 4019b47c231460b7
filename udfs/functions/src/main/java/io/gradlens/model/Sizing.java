package io.gradlens.model;

import io.gradlens.decode.ImageDecoder.Exif;
import io.gradlens.image.Fit;
import io.gradlens.image.ResizeFilter;
import java.io.Serializable;

/**
 * How a picture of any size becomes one of the network's.
 *
 * @param resize the filter
 * @param fit how it fills the input
 * @param exif whether the orientation that a camera stored is applied
 */
public record Sizing(ResizeFilter resize, Fit fit, Exif exif) implements Serializable {

  /** What Gradlens does unless told: bilinear, squashed, as stored. */
  public static final Sizing DEFAULT = new Sizing(ResizeFilter.BILINEAR, Fit.SQUASH, Exif.IGNORE);
}
