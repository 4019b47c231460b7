package io.gradlens.kernel;

/** The tree that combines the partial sums of {@link LaneProducts#LANES} places into one. */
@Real
final class LaneTree {

  private LaneTree() {}

  /** Σ s[at + j] over {@link LaneProducts#LANES} entries: neighbours first, then pairs of sums. */
  static @Real double sum(@Real double[] s, int at) {
    return LaneProducts.LANES == 8 ? eight(s, at) : eight(s, at) + eight(s, at + 8);
  }

  private static @Real double eight(@Real double[] s, int at) {
    return ((s[at] + s[at + 1]) + (s[at + 2] + s[at + 3]))
        + ((s[at + 4] + s[at + 5]) + (s[at + 6] + s[at + 7]));
  }
}
