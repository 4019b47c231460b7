package io.gradlens.trajectory;

import org.apache.spark.unsafe.types.UTF8String;

/**
 * One trajectory as it was read.
 *
 * @param ts its times, {@code [time]}
 * @param ys what was observed, {@code [time][dim]}, NaN where nothing was; null where it is only to
 *     be solved
 * @param y0 where it starts, {@code [dim]}
 * @param flaw why it cannot be solved, or null
 * @param reason the flaw in words, with what to do
 * @param isDone whether an earlier attempt has written its row
 */
record Trajectory(
    UTF8String id,
    double[] ts,
    double[] ys,
    double[] y0,
    Flaw flaw,
    String reason,
    boolean isDone) {

  /** Looks for flaws; what is no flaw of these is left to the solver. */
  static Trajectory checked(UTF8String id, double[] ts, double[] ys, double[] y0, boolean isDone) {
    Flaw flaw = null;
    String reason = null;
    int unordered = unordered(ts);
    if (ts.length < 2) {
      flaw = Flaw.TOO_SHORT;
      reason = "It has %d points, and a trajectory takes 2: leave it out.".formatted(ts.length);
    } else if (unordered >= 0) {
      flaw = Flaw.BAD_TIMES;
      reason =
          "Times must be finite and strictly increase or decrease; point %d has %s after %s: sort them, and leave repeated ones out."
              .formatted(
                  unordered + 1, ts[unordered], unordered == 0 ? "nothing" : ts[unordered - 1]);
    } else if (ys != null && !hasFinite(ys)) {
      flaw = Flaw.NO_OBSERVATIONS;
      reason = "None of its states holds a number: leave it out.";
    } else {
      int missing = firstNotFinite(y0);
      if (missing >= 0) {
        flaw = Flaw.BAD_INITIAL;
        reason =
            "Component %d of its initial state is %s: mend it, or leave the trajectory out."
                .formatted(missing + 1, y0[missing]);
      }
    }
    return new Trajectory(id, ts, ys, y0, flaw, reason, isDone);
  }

  static Trajectory flawed(
      UTF8String id, double[] ts, double[] ys, Flaw flaw, String reason, boolean isDone) {
    return new Trajectory(id, ts, ys, null, flaw, reason, isDone);
  }

  private static int unordered(double[] ts) {
    double sign = ts.length == 0 ? 1 : Math.signum(ts[ts.length - 1] - ts[0]);
    for (int i = 0; i < ts.length; i++) {
      if (!Double.isFinite(ts[i]) || i > 0 && !((ts[i] - ts[i - 1]) * sign > 0)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean hasFinite(double[] values) {
    for (double value : values) {
      if (Double.isFinite(value)) {
        return true;
      }
    }
    return false;
  }

  private static int firstNotFinite(double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        return i;
      }
    }
    return -1;
  }
}
