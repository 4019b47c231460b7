package io.gradlens.ode;

import java.util.List;

/**
 * Looks for events in the steps of one trajectory.
 *
 * <p>Where g changes its sign within a step, the step is taken again up to where the cubic through
 * the states and slopes at its ends has the zero, and again by Newton's rule h ← h − g/(dg/dt),
 * within the bracket that the steps taken so far give and halving it where Newton's rule leads out
 * of it, until g is at rounding or the bracket is as narrow as time can tell. So the cubic only
 * predicts: the state at an event is the method's own at the end of a step.
 */
final class EventSearch {
  private static final int NONE = -1;

  /** So many times Newton's rule is tried before the bracket is halved. */
  private static final int NEWTON = 20;

  private final List<Event> events;
  private final double epsilon;

  // The step just tried, filled in by the caller.
  final double[] y0;
  final double[] slopes0;
  final double[] y1;
  final double[] slopes1;
  double t0;
  double t1;

  private final double[] side;
  private final double[] middle;
  private final double[] end;
  private final double[] place;
  private final double[] y;
  private double grazing;
  private double span;
  private int hunted;
  private double huntedSide;
  private int found;
  private int retaken;
  private double low;
  private double high;
  private boolean isBracketed;
  private double target;
  private double rounding;
  private double slope;
  private int restarted;

  /**
   * @param epsilon the relative rounding of the states' numbers
   */
  EventSearch(List<Event> events, int dim, double epsilon) {
    this.events = events;
    this.epsilon = epsilon;
    y0 = new double[dim];
    slopes0 = new double[dim];
    y1 = new double[dim];
    slopes1 = new double[dim];
    y = new double[dim];
    side = new double[events.size()];
    middle = new double[events.size()];
    end = new double[events.size()];
    place = new double[events.size()];
  }

  /**
   * Begins a trajectory at (t0, y0).
   *
   * @param rtol its relative tolerance
   * @param time from its first time to its last one, signed
   */
  void begin(double rtol, double time) {
    grazing = Math.sqrt(Math.max(rtol, 0x1p-40));
    span = time;
    restarted = NONE;
    takeSides();
  }

  /** Begins anew at (t0, y0), where the event that was found has put the trajectory. */
  void restart() {
    restarted = found;
    takeSides();
  }

  private void takeSides() {
    hunted = NONE;
    for (int e = 0; e < side.length; e++) {
      double noise = noise(e, t0, y0, 0);
      side[e] = heading(e, e == restarted ? Math.max(noise, rounding) : noise);
    }
    found = NONE;
  }

  /** The sign of g, or where g is at rounding, of its slope. */
  private double heading(int e, double noise) {
    double g = value(e, t0, y0);
    if (Math.abs(g) > noise) {
      return Math.signum(g);
    }
    for (double ahead = 0x1p-40; ahead < 1e-3; ahead *= 16) {
      double change = along(e, t0, y0, slopes0, ahead * span) - g;
      if (Math.abs(change) > 2 * noise) {
        return Math.signum(change);
      }
    }
    return 0;
  }

  /** What rounding of t and y does to g. */
  private double noise(int e, double t, double[] state, double h) {
    double g = value(e, t, state);
    double sum = Math.abs(value(e, t + Math.abs(t) * 0x1p-20, state) - g);
    System.arraycopy(state, 0, y, 0, y.length);
    for (int i = 0; i < y.length; i++) {
      double moved = h == 0 ? 0 : Math.abs(h * slopes1[i]);
      double size = Math.max(Math.abs(y0[i]), Math.abs(y[i])) + moved;
      y[i] += size * 0x1p-20;
      sum += Math.abs(value(e, t, y) - g);
      y[i] = state[i];
    }
    return 4 * epsilon * 0x1p20 * sum;
  }

  private double value(int e, double t, double[] state) {
    return events.get(e).root().value(t, state);
  }

  /** g some way along a slope. */
  private double along(int e, double t, double[] state, double[] slopes, double by) {
    for (int i = 0; i < y.length; i++) {
      y[i] = state[i] + by * slopes[i];
    }
    return value(e, t + by, y);
  }

  /** g where the step's cubic is, x from 0 to 1. */
  private double onCubic(int e, double x) {
    double h = t1 - t0;
    double rest = 1 - x;
    for (int i = 0; i < y.length; i++) {
      double secant = y1[i] - y0[i];
      double bend = rest * (h * slopes0[i] - secant) - x * (h * slopes1[i] - secant);
      y[i] = y0[i] + x * (secant + rest * bend);
    }
    return value(e, t0 + x * h, y);
  }

  /**
   * Judges the step.
   *
   * @return whether it stands, with {@link #found} at its end; otherwise it is to be taken again up
   *     to {@link #target}
   */
  boolean look() {
    found = NONE;
    int first = first();
    if (hunted != NONE && (first == NONE || place[hunted] <= place[first])) {
      return refine();
    }
    if (first == NONE) {
      pass();
      return true;
    }
    hunted = first;
    huntedSide = sideAt(first, place[first]);
    retaken = 0;
    boolean isEarly = place[first] <= 0.5;
    double half = t0 + (t1 - t0) / 2;
    low = huntedSide == side[first] ? t0 : half;
    high = isEarly ? half : t1;
    isBracketed = !isEarly;
    aim(t0 + place[first] * (t1 - t0));
    return false;
  }

  /** A failed step says nothing. */
  void forget() {
    hunted = NONE;
    found = NONE;
  }

  /** The event that happens first in the step; {@link #place} is where. */
  private int first() {
    int first = NONE;
    for (int e = 0; e < side.length; e++) {
      Event event = events.get(e);
      middle[e] = onCubic(e, 0.5);
      end[e] = value(e, t1, y1);
      place[e] = e == hunted ? 1 : Double.POSITIVE_INFINITY;
      double then = sideAt(e, 1);
      if (event.happens(side[e], middle[e])) {
        place[e] = zero(e, 0, 0.5);
      } else if (event.happens(then, end[e])) {
        place[e] = zero(e, then == side[e] ? 0 : 0.5, 1);
      } else {
        continue;
      }
      if (first == NONE || place[e] < place[first]) {
        first = e;
      }
    }
    return first;
  }

  /** The side before the zero at some place: a crossing that does not count changes it. */
  private double sideAt(int e, double x) {
    return x > 0.5 && !(side[e] * middle[e] > 0) && middle[e] != 0
        ? Math.signum(middle[e])
        : side[e];
  }

  /** Halves an interval of the cubic that has a zero, to a thousandth of the distance. */
  private double zero(int e, double from, double to) {
    double a = from;
    double b = to;
    double before = from == 0 ? side[e] : Math.signum(middle[e]);
    for (int i = 0; i < 60 && b - a > 1e-3 * b; i++) {
      double x = (a + b) / 2;
      if (before * onCubic(e, x) > 0) {
        a = x;
      } else {
        b = x;
      }
    }
    return b;
  }

  /** The step was taken again for the hunted event. */
  private boolean refine() {
    double g = end[hunted];
    double noise = noise(hunted, t1, y1, t1 - t0);
    slope = slope(hunted, noise);
    rounding = noise + 4 * Math.ulp(t1) * Math.abs(slope);
    if (huntedSide * g > 0) {
      low = t1;
    } else {
      high = t1;
      isBracketed = true;
    }
    boolean isNarrow = Math.abs(high - low) <= 2 * Math.ulp(t1);
    if (Math.abs(g) <= noise / 4 || isNarrow) {
      found = isNarrow && !isBracketed ? NONE : hunted;
      pass();
      return true;
    }
    double next = retaken++ < NEWTON ? t1 - g / slope : Double.NaN;
    boolean isInside = (next - low) * (high - low) > 0 && (high - next) * (high - low) > 0;
    aim(isInside ? next : low + (high - low) / 2);
    return false;
  }

  /** The step stands: its end is on these sides. Events that have yet to happen there wait. */
  private void pass() {
    for (int e = 0; e < side.length; e++) {
      if (e == found) {
        side[e] = -huntedSide;
      } else if (Math.abs(end[e]) > 0 && !events.get(e).happens(side[e], end[e])) {
        side[e] = Math.signum(end[e]);
      }
    }
    hunted = NONE;
    if (found == NONE) {
      restarted = NONE;
    }
  }

  /** The event at the end of the step; −1 if there is none. */
  int found() {
    return found;
  }

  /** Where the step that does not stand is to end. */
  double target() {
    return target;
  }

  /** How the event that was found ends the trajectory; null where it goes on. */
  SolveStatus verdict() {
    Event event = events.get(found);
    if (event.isTerminal() || event.restart() != null) {
      double h = t1 - t0;
      double change = slope * h;
      double most = Math.max(Math.abs(value(found, t0, y0)), Math.abs(middle[found]));
      boolean isHidden = Math.max(most, Math.abs(change)) <= 4 * rounding;
      if (found == restarted && (isHidden || Math.abs(h) <= 4 * Math.ulp(t1))) {
        return SolveStatus.STEP_TOO_SMALL;
      }
      // As deep as the solution's error: with another tolerance it may not be there.
      if (!(Math.abs(change) > grazing * most) || change * side[found] <= 0) {
        return SolveStatus.GRAZING;
      }
    }
    return event.isTerminal() ? SolveStatus.TERMINATED : null;
  }

  private void aim(double t) {
    target = t == t0 ? Math.nextAfter(t0, t1) : t;
  }

  /** dg/dt along the solution at the step's end: a difference that stands out of rounding. */
  private double slope(int e, double noise) {
    double h = t1 - t0;
    double slope = 0;
    for (double part = 0x1p-14; part <= 1; part *= 8) {
      double by = part * h;
      double change = along(e, t1, y1, slopes1, by) - along(e, t1, y1, slopes1, -by);
      slope = change / (2 * by);
      if (!(Math.abs(change) < 0x1p10 * noise)) {
        return slope;
      }
    }
    return slope;
  }
}
