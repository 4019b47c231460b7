package io.gradlens.ode;

/**
 * How far every lane's next step goes: what the error asks for, cut short where it must land. All
 * loops over steps go by it: choose, try, judge, move on.
 */
public final class StepSizes {
  /** A step that would leave less than this part of itself before a stop goes there at once. */
  private static final double REACH = 1 - 1e-10;

  private final OdeSolve how;
  private final StepSizeController controller;
  private final Trajectories data;
  private final LaneTimes lanes;
  private final double[] nextTimes;
  private final int order;
  private final boolean isShared;
  private final double[] proposal;
  private final double[] stop;
  private final double[] r1;
  private final double[] r2;
  private final double[] factors;
  private final double[] origin;
  private final int[] sinceOrigin;
  private final int[] steps;

  /**
   * @param how what steps go by
   * @param lanes are read and written
   * @param nextTimes the next of the times of every lane's trajectory, NaN where all are passed; is
   *     kept and read
   */
  public StepSizes(OdeSolve how, Trajectories data, LaneTimes lanes, double[] nextTimes) {
    this.how = how;
    this.data = data;
    this.lanes = lanes;
    this.nextTimes = nextTimes;
    order = how.tableau().embeddedOrder() + 1;
    controller = how.controller();
    isShared = how.stepControl() == StepControl.SHARED;
    proposal = new double[lanes.count];
    stop = new double[lanes.count];
    r1 = new double[lanes.count];
    r2 = new double[lanes.count];
    factors = new double[lanes.count];
    origin = new double[lanes.count];
    sinceOrigin = new int[lanes.count];
    steps = new int[lanes.count];
  }

  /** Whether steps go from each time to land on to the next. */
  public static boolean isUnbounded(StepSizeController controller) {
    return controller.isFixed() && controller.firstStep() == Double.POSITIVE_INFINITY;
  }

  /** A trajectory starts in a lane. */
  public void start(int l, double firstStep) {
    proposal[l] = firstStep;
    r1[l] = 1;
    r2[l] = 1;
    steps[l] = 0;
    leave(l);
    stop[l] = nextStop(l);
  }

  /** Steps of one size begin to be counted here. */
  public void leave(int l) {
    origin[l] = lanes.t[l];
    sinceOrigin[l] = 0;
  }

  /** The next time that a step must end at; infinite where there is none. */
  private double nextStop(int l) {
    double[] ts = data.times(lanes.trajectory[l]);
    double t = lanes.t[l];
    double direction = Math.signum(ts[ts.length - 1] - ts[0]);
    double next =
        how.landsOnTimes()
            ? nextTimes[l]
            : isShared ? direction * Double.POSITIVE_INFINITY : ts[ts.length - 1];
    for (double time : how.stepTo()) {
      if ((time - t) * direction > 0 && (time - next) * direction < 0) {
        next = time;
      }
    }
    for (double jump : how.jumpAt()) {
      double before = Math.nextAfter(jump, -direction * Double.POSITIVE_INFINITY);
      if ((before - t) * direction > 0 && (before - next) * direction < 0) {
        next = before;
      }
    }
    return Double.isInfinite(next) && isUnbounded(controller) ? ts[ts.length - 1] : next;
  }

  /** Sets the steps that lanes try; idle ones stand still. */
  public void choose() {
    double[] t = lanes.t;
    double[] tNext = lanes.tNext;
    double[] h = lanes.h;
    double most = controller.maxStep();
    boolean isFixed = controller.isFixed();
    for (int l = 0; l < t.length; l++) {
      double wanted = proposal[l];
      if (Math.abs(wanted) > most) {
        wanted = Math.copySign(most, wanted);
      }
      double room = stop[l] - t[l];
      boolean isLanding = Math.abs(wanted) >= Math.abs(room) * REACH;
      h[l] = isLanding ? room : wanted;
      tNext[l] = isLanding ? stop[l] : isFixed ? gridTime(l) : t[l] + wanted;
    }
  }

  /** The end of a step of one size: counted from where such steps began, for sums would drift. */
  private double gridTime(int l) {
    return origin[l] + (sinceOrigin[l] + 1) * proposal[l];
  }

  /**
   * Looks at the steps that were tried.
   *
   * @param r the squares of their error ratios
   */
  public void judge(double[] r) {
    if (!controller.isFixed()) {
      controller.factors(r, r1, r2, order, factors);
    }
  }

  /**
   * Moves the times of accepted steps on.
   *
   * @param r the squares of the steps' error ratios
   * @param special overwritten with lanes that need more: where the step was not accepted, has
   *     ended where it had to, or has passed the trajectory's last time
   * @return how many these are
   */
  public int move(double[] r, int[] special) {
    boolean[] accepted = lanes.accepted;
    double[] t = lanes.t;
    double[] tNext = lanes.tNext;
    double[] h = lanes.h;
    boolean isFixed = controller.isFixed();
    int count = 0;
    for (int l = 0; l < t.length; l++) {
      boolean isSpecial = true;
      if (accepted[l]) {
        boolean isLanding = tNext[l] == stop[l] || lanes.atEvent[l];
        if (!isFixed) {
          double next = h[l] * Math.max(1, factors[l]);
          // A step that was cut short says little about the one after it.
          if (!isLanding || Math.abs(next) > Math.abs(proposal[l])) {
            proposal[l] = next;
          }
          r2[l] = r1[l];
          r1[l] = Math.max(r[l], 1e-12);
        }
        t[l] = tNext[l];
        steps[l]++;
        sinceOrigin[l]++;
        isSpecial = isLanding | Double.isNaN(nextTimes[l]);
      }
      if (isSpecial) {
        special[count++] = l;
      }
    }
    return count;
  }

  /** Accepted steps of the lane's trajectory. */
  public int steps(int l) {
    return steps[l];
  }

  /**
   * Goes on from a step that was not accepted.
   *
   * @param r the square of its error ratio
   * @return whether there is a smaller one to try
   */
  public boolean reject(int l, double r) {
    if (controller.isFixed()) {
      return false;
    }
    proposal[l] =
        lanes.h[l] * (r < Double.POSITIVE_INFINITY ? factors[l] : StepSizeController.LEAST);
    return Math.abs(proposal[l]) >= controller.minStep();
  }

  /** The lane stands still. */
  public void rest(int l) {
    proposal[l] = 0;
    stop[l] = lanes.t[l];
    lanes.h[l] = 0;
    lanes.tNext[l] = lanes.t[l];
  }

  /** Whether the lane's time is one that a step had to end at. */
  public boolean isAtStop(int l) {
    return lanes.t[l] == stop[l];
  }

  /** Looks for the next stop. */
  public void leaveStop(int l) {
    stop[l] = nextStop(l);
  }
}
