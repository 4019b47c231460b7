package io.gradlens.udf;

import io.gradlens.cam.Colormap;
import io.gradlens.cam.Overlay;
import io.gradlens.cam.Upsampling;
import io.gradlens.decode.ImageDecoder;
import io.gradlens.image.PixelImage;
import scala.collection.Seq;

/**
 * Pictures of maps, and small ones of pictures, for SQL; null where there is nothing to draw or it
 * cannot be drawn.
 */
final class Pictures {

  private static final int DEFAULT_SIDE = 256;
  private static final int THUMBNAIL_SIDE = 96;

  private Pictures() {}

  /** {@code heatmap_png}: the map in colours; 256 pixels on its longer side unless told. */
  static byte[] heatmap(
      Seq<Float> map, Integer height, Integer width, String colormap, Integer w, Integer h) {
    try {
      int longer = Math.max(height, width);
      int outWidth = w == null ? Math.max(1, DEFAULT_SIDE * width / longer) : w;
      int outHeight = h == null ? Math.max(1, DEFAULT_SIDE * height / longer) : h;
      return overlay(colormap).colour(floats(map), height, width, outWidth, outHeight).toPng();
    } catch (RuntimeException e) {
      return null;
    }
  }

  /** {@code overlay_png}: the picture, or a part of it, under the map. */
  static byte[] overlay(
      byte[] content,
      Seq<Float> map,
      Integer height,
      Integer width,
      String colormap,
      Integer cropX,
      Integer cropY,
      Integer cropWidth,
      Integer cropHeight) {
    try {
      PixelImage seen = seen(content, cropX, cropY, cropWidth, cropHeight);
      return overlay(colormap).blend(ResultRows.bounded(seen), floats(map), height, width).toPng();
    } catch (ImageFailure | RuntimeException e) {
      return null;
    }
  }

  /**
   * {@code thumbnail_jpeg}: the picture, or a part of it, with {@code side} pixels on its longer
   * side, 96 unless told; never enlarged.
   */
  static byte[] thumbnail(
      byte[] content,
      Integer side,
      Integer cropX,
      Integer cropY,
      Integer cropWidth,
      Integer cropHeight) {
    try {
      PixelImage seen = seen(content, cropX, cropY, cropWidth, cropHeight);
      return ResultRows.bounded(seen, side == null ? THUMBNAIL_SIDE : side).toJpeg();
    } catch (ImageFailure | RuntimeException e) {
      return null;
    }
  }

  private static PixelImage seen(
      byte[] content, Integer cropX, Integer cropY, Integer cropWidth, Integer cropHeight)
      throws ImageFailure {
    PixelImage picture = HeapTurns.take(content, () -> new ImageDecoder().decode(content).pixels());
    return cropX == null ? picture : picture.crop(cropX, cropY, cropWidth, cropHeight);
  }

  private static Overlay overlay(String colormap) {
    return new Overlay(
        colormap == null ? Colormap.JET : Colormap.named(colormap),
        Upsampling.BILINEAR,
        Overlay.DEFAULT.alpha());
  }

  private static float[] floats(Seq<Float> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.apply(i);
    }
    return floats;
  }
}
