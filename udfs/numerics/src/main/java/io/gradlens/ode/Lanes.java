package io.gradlens.ode;

import io.gradlens.kernel.Real;
import java.util.Arrays;

/**
 * The trajectories that a solve works on at one time, one a lane, as a structure of arrays, and the
 * step that was just tried. Arrays are live: a {@link StepObserver} reads them and does not write.
 */
@Real
public final class Lanes {

  /** The width that lanes are padded to: a vector of 512 bits. */
  private static final int PAD = 64 / Precision.BYTES;

  final int count;
  final int[] trajectory;
  final double[] t;
  final double[] tNext;
  final double[] h;
  final @Real double[] steps;
  final boolean[] accepted;
  @Real double[] y;

  Lanes(int dim, int count) {
    this.count = count;
    trajectory = new int[count];
    t = new double[count];
    tNext = new double[count];
    h = new double[count];
    accepted = new boolean[count];
    steps = new @Real double[dim * count];
    y = new @Real double[dim * count];
    Arrays.fill(trajectory, -1);
  }

  /** How many lanes so many trajectories fill, with those that only fill up a vector's width. */
  public static int padded(int trajectories) {
    return (trajectories + PAD - 1) / PAD * PAD;
  }

  /**
   * Whether a step to t passes a time. One that ends just before a jump's time passes that: so
   * there is no difference of one unit in the last place.
   */
  public static boolean isPassed(double time, double t, double h) {
    double ahead = time - t;
    return ahead * h <= 0
        // The exact question is dear, and seldom close.
        || Math.abs(ahead) <= 4.5e-16 * Math.abs(t) + Double.MIN_VALUE
            && time == Math.nextAfter(t, Math.copySign(Double.POSITIVE_INFINITY, h));
  }

  /** How many lanes there are, n: the length of every array but the state. */
  public int count() {
    return count;
  }

  /** The trajectory of every lane, −1 where a lane idles. */
  public int[] trajectory() {
    return trajectory;
  }

  /** The time at which every lane's step begins. */
  public double[] t() {
    return t;
  }

  /** The time at which it ends. */
  public double[] tNext() {
    return tNext;
  }

  /** Its size, signed; 0 where a lane idles. */
  public double[] h() {
    return h;
  }

  /** The sizes spread out over the numbers of a state, {@code [d][n]}. */
  public @Real double[] steps() {
    return steps;
  }

  /** Which lanes' steps are accepted. */
  public boolean[] accepted() {
    return accepted;
  }

  /** The states at which steps begin, {@code [d][n]}. */
  public @Real double[] y() {
    return y;
  }

  /** How many lanes' steps are accepted. */
  int moving() {
    int moving = 0;
    for (boolean isAccepted : accepted) {
      moving += isAccepted ? 1 : 0;
    }
    return moving;
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
