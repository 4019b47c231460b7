package io.gradlens.cam;

/**
 * A raw class activation map at the layer's resolution, before the ReLU and never normalised.
 *
 * <p>Every value is finite. A map without a positive value is a valid result ({@link #isZero}): no
 * part of the picture spoke for the class.
 *
 * @param height H
 * @param width W
 * @param signed the map before its ReLU, row major {@code [H,W]}
 * @param channelWeights w_k, one a channel, or null for a method that has none
 */
public record SaliencyMap(int height, int width, float[] signed, float[] channelWeights) {

  /**
   * @throws IllegalArgumentException if there are not H·W values
   * @throws ArithmeticException if a value is NaN or infinite, as it is where the network's
   *     activations or gradients are
   */
  public SaliencyMap {
    if (height < 1 || width < 1 || signed.length != (long) height * width) {
      throw new IllegalArgumentException(
          "A SaliencyMap of %d x %d cannot have %d values".formatted(height, width, signed.length));
    }
    for (int i = 0; i < signed.length; i++) {
      if (!Float.isFinite(signed[i])) {
        throw new ArithmeticException(
            "Cannot make a map: row %d, column %d is %s; the layer's activations or gradients are not finite"
                .formatted(i / width, i % width, signed[i]));
      }
    }
  }

  /**
   * The map Σ_k w_k·A_k of a method that weighs channels, summed in double precision.
   *
   * @param tap A, {@code [K,H,W]}; read only
   * @param weights w, one a channel; read only
   */
  static SaliencyMap weighted(ActivationTap tap, double[] weights) {
    int area = tap.height() * tap.width();
    double[] sum = new double[area];
    float[] stored = new float[weights.length];
    for (int k = 0; k < weights.length; k++) {
      double w = weights[k];
      stored[k] = (float) w;
      for (int i = 0, at = k * area; i < area; i++, at++) {
        sum[i] += w * tap.activation()[at];
      }
    }
    return new SaliencyMap(tap.height(), tap.width(), narrowed(sum), stored);
  }

  /** The map of a method without channel weights, from sums over the channels {@code [H,W]}. */
  static SaliencyMap unweighted(ActivationTap tap, double[] sum) {
    return new SaliencyMap(tap.height(), tap.width(), narrowed(sum), null);
  }

  private static float[] narrowed(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  /** The heatmap: ReLU of the signed map, a new array. */
  public float[] heatmap() {
    float[] positive = new float[signed.length];
    for (int i = 0; i < signed.length; i++) {
      positive[i] = Math.max(0f, signed[i]);
    }
    return positive;
  }

  /** The smallest value before the ReLU. */
  public float rawMin() {
    float min = Float.POSITIVE_INFINITY;
    for (float v : signed) {
      min = Math.min(min, v);
    }
    return min;
  }

  /** The largest value before the ReLU. */
  public float rawMax() {
    float max = Float.NEGATIVE_INFINITY;
    for (float v : signed) {
      max = Math.max(max, v);
    }
    return max;
  }

  /** True where nothing spoke for the class: every value is at most 0. A valid result. */
  public boolean isZero() {
    return rawMax() <= 0f;
  }
}
