package io.gradlens.kernel;

/** The tree that combines the partial sums of {@link LaneKernel#LANES} places into one. */
@Real
final class LaneTree {

  private LaneTree() {}

  /** Σ s[at + j] over {@link LaneKernel#LANES} entries: neighbours first, then pairs of sums. */
  static @Real double sum(@Real double[] s, int at) {
    return LaneKernel.LANES == 8 ? eight(s, at) : eight(s, at) + eight(s, at + 8);
  }

  private static @Real double eight(@Real double[] s, int at) {
    return ((s[at] + s[at + 1]) + (s[at + 2] + s[at + 3]))
        + ((s[at + 4] + s[at + 5]) + (s[at + 6] + s[at + 7]));
  }
}
