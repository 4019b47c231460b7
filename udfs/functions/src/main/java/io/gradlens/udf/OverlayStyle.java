package io.gradlens.udf;

import io.gradlens.cam.Overlay;
import io.gradlens.image.PixelImage;

/** What {@code overlay_png} shows. */
public enum OverlayStyle {
  /** Nothing: the column is null. */
  NONE("none"),
  /** The picture blended with the coloured map. */
  BLEND("png"),
  /** The picture as it is, beside the blend. */
  SIDE_BY_SIDE("side-by-side");

  private final String optionName;

  OverlayStyle(String optionName) {
    this.optionName = optionName;
  }

  public String optionName() {
    return optionName;
  }

  /**
   * @throws IllegalArgumentException for another name, listing those there are
   */
  public static OverlayStyle named(String name) {
    for (OverlayStyle style : values()) {
      if (style.optionName.equals(name)) {
        return style;
      }
    }
    throw new IllegalArgumentException(
        "Overlay '%s' is not known; choose none, png or side-by-side.".formatted(name));
  }

  /** Draws a map of H x W over a picture; null for {@link #NONE}. */
  PixelImage draw(Overlay overlay, PixelImage picture, float[] heatmap, int height, int width) {
    return switch (this) {
      case NONE -> null;
      case BLEND -> overlay.blend(picture, heatmap, height, width);
      case SIDE_BY_SIDE -> overlay.sideBySide(picture, heatmap, height, width);
    };
  }
}
