package io.gradlens.ode;

import io.gradlens.kernel.Real;

/**
 * The trajectories that a solve works on at one time, one a lane, as a structure of arrays, and the
 * step that was just tried. Arrays are live: a {@link StepObserver} reads them and does not write.
 */
@Real
public final class Lanes extends LaneTimes {

  /** The width that lanes are padded to: a vector of 512 bits. */
  private static final int PAD = 64 / Precision.BYTES;

  final @Real double[] steps;
  @Real double[] y;

  Lanes(int dim, int count) {
    super(count);
    steps = new @Real double[dim * count];
    y = new @Real double[dim * count];
  }

  /** How many lanes so many trajectories fill, with those that only fill up a vector's width. */
  public static int padded(int trajectories) {
    return (trajectories + PAD - 1) / PAD * PAD;
  }

  /** The sizes spread out over the numbers of a state, {@code [d][n]}. */
  public @Real double[] steps() {
    return steps;
  }

  /** The states at which steps begin, {@code [d][n]}. */
  public @Real double[] y() {
    return y;
  }

  /** Spreads the step sizes. */
  void spread() {
    for (int l = 0; l < count; l++) {
      steps[l] = (@Real double) h[l];
    }
    for (int at = count; at < steps.length; at += count) {
      System.arraycopy(steps, 0, steps, at, count);
    }
  }
}
