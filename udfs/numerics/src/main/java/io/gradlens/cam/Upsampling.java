package io.gradlens.cam;

import java.util.Locale;

/** How a map at the layer's resolution becomes one at the picture's. */
public enum Upsampling {
  /**
   * Bilinear with half-pixel centres: output column x reads at (x + ½)·w/W − ½, clamped to the
   * map's edge. What OpenCV's {@code INTER_LINEAR} and TensorFlow's {@code
   * resize(method="bilinear")} do when they enlarge.
   */
  BILINEAR {
    @Override
    double[] axis(double[] values, int count, int length, int target) {
      double[] out = new double[count * target];
      for (int x = 0; x < target; x++) {
        double at = Math.min(Math.max((x + 0.5) * length / target - 0.5, 0), length - 1);
        int left = (int) at;
        int right = Math.min(left + 1, length - 1);
        double share = at - left;
        for (int line = 0; line < count; line++) {
          double a = values[line * length + left];
          out[x * count + line] = a + share * (values[line * length + right] - a);
        }
      }
      return out;
    }
  },
  /**
   * Cubic spline through the map's values, corners aligned: output column x reads at x·(w−1)/(W−1).
   * What {@code scipy.ndimage.zoom(map, (H/h, W/w), order=3)} does, as {@link CubicSpline} says.
   * May overshoot, below 0 as well.
   */
  ZOOM3 {
    @Override
    double[] axis(double[] values, int count, int length, int target) {
      return CubicSpline.zoom(values, count, length, target);
    }
  };

  /** The name on the command line: {@code bilinear}, {@code zoom3}. */
  public String optionName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Looks an upsampling up by its {@link #optionName}.
   *
   * @throws IllegalArgumentException for another name
   */
  public static Upsampling named(String name) {
    for (Upsampling upsampling : values()) {
      if (upsampling.optionName().equals(name)) {
        return upsampling;
      }
    }
    throw new IllegalArgumentException(
        "Upsampling '%s' is not known; choose bilinear or zoom3.".formatted(name));
  }

  /**
   * Resizes a map, in double precision, first along the rows.
   *
   * @param map {@code [h,w]} row major, read only
   * @param height h
   * @param width w
   * @param targetHeight H, at least 1
   * @param targetWidth W, at least 1
   * @return {@code [H,W]} row major, a new array
   * @throws IllegalArgumentException if the map does not have h·w values or a target is below 1
   */
  public float[] resize(float[] map, int height, int width, int targetHeight, int targetWidth) {
    if (height < 1 || width < 1 || map.length != (long) height * width) {
      throw new IllegalArgumentException(
          "A map of %d x %d cannot have %d values".formatted(height, width, map.length));
    }
    if (targetHeight < 1 || targetWidth < 1) {
      throw new IllegalArgumentException(
          "Cannot resize a map to %d x %d".formatted(targetHeight, targetWidth));
    }
    double[] values = new double[map.length];
    for (int i = 0; i < map.length; i++) {
      values[i] = map[i];
    }
    double[] columns = axis(values, height, width, targetWidth);
    double[] rows = axis(columns, targetWidth, height, targetHeight);
    float[] out = new float[rows.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) rows[i];
    }
    return out;
  }

  /**
   * Resizes along the inner axis and transposes: {@code [count,length]} becomes {@code
   * [target,count]}, so that two calls resize both axes and restore the order.
   */
  abstract double[] axis(double[] values, int count, int length, int target);
}
