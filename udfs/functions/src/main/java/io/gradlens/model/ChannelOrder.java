package io.gradlens.model;

/** Moves the channel axis of one feature map. */
final class ChannelOrder {

  private ChannelOrder() {}

  /** {@code [K,H,W]} to {@code [H,W,K]}. */
  static float[] toLast(float[] map, int channels) {
    int cells = map.length / channels;
    float[] result = new float[map.length];
    for (int k = 0; k < channels; k++) {
      for (int i = 0; i < cells; i++) {
        result[i * channels + k] = map[k * cells + i];
      }
    }
    return result;
  }

  /** {@code [H,W,K]} to {@code [K,H,W]}. */
  static float[] toFirst(float[] map, int channels) {
    int cells = map.length / channels;
    float[] result = new float[map.length];
    for (int i = 0; i < cells; i++) {
      for (int k = 0; k < channels; k++) {
        result[k * cells + i] = map[i * channels + k];
      }
    }
    return result;
  }
}
