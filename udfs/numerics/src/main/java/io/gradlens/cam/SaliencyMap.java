package io.gradlens.cam;

/**
 * A raw class activation map at the layer's resolution, before the ReLU and never normalised.
 *
 * @param height H
 * @param width W
 * @param signed the map before its ReLU, row major {@code [H,W]}
 * @param channelWeights w_k, one a channel, or null for a method that has none
 */
public record SaliencyMap(int height, int width, float[] signed, float[] channelWeights) {

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
    return !(rawMax() > 0f);
  }
}
