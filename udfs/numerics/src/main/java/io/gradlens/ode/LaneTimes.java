package io.gradlens.ode;

import java.util.Arrays;

/**
 * Which trajectory every lane works on, and the step that it tries: what a loop over steps knows of
 * them, whatever holds their states. Arrays are live: the loop and {@link StepSizes} write them,
 * others read.
 */
public class LaneTimes {
  final int count;
  final int[] trajectory;
  final double[] t;
  final double[] tNext;
  final double[] h;
  final boolean[] accepted;

  /** Which accepted steps end at an event. */
  final boolean[] atEvent;

  /** Lanes that all idle. */
  public LaneTimes(int count) {
    this.count = count;
    trajectory = new int[count];
    t = new double[count];
    tNext = new double[count];
    h = new double[count];
    accepted = new boolean[count];
    atEvent = new boolean[count];
    Arrays.fill(trajectory, -1);
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
  public final int count() {
    return count;
  }

  /** The trajectory of every lane, −1 where a lane idles. */
  public final int[] trajectory() {
    return trajectory;
  }

  /** The time at which every lane's step begins. */
  public final double[] t() {
    return t;
  }

  /** The time at which it ends. */
  public final double[] tNext() {
    return tNext;
  }

  /** Its size, signed; 0 where a lane idles. */
  public final double[] h() {
    return h;
  }

  /** Which lanes' steps are accepted. */
  public final boolean[] accepted() {
    return accepted;
  }

  /** How many lanes' steps are accepted. */
  public final int moving() {
    int moving = 0;
    for (boolean isAccepted : accepted) {
      moving += isAccepted ? 1 : 0;
    }
    return moving;
  }
}
