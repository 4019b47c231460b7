package io.gradlens.ode;

import io.gradlens.kernel.Real;
import java.util.Arrays;
import java.util.List;

/**
 * The one loop behind every solve: lanes take up trajectories, all lanes try a step, each accepts
 * or repeats it, states are kept, and a lane whose trajectory has ended takes up the next.
 */
@Real
final class SolveLoop {
  /** A step that would leave less than this part of itself before a stop goes there at once. */
  private static final double REACH = 1 - 1e-10;

  private final OdeSolve how;
  private final StepSizeController controller;
  private final boolean isShared;
  private final VectorField field;
  private final Trajectories data;
  private final StepObserver observer;
  private final int count;
  private final Lanes lanes;
  private final RungeKutta method;
  private final ErrorRatio norm;
  private final Starts starts;
  private final Solution solution;
  private final States states;
  private final EventLocator events;
  private final double[] proposal;
  private final double[] stop;
  private final double[] r;
  private final double[] r1;
  private final double[] r2;
  private final double[] origin;
  private final int[] sinceOrigin;
  private final int[] tries;
  private final boolean[] restarts;
  private int live;

  SolveLoop(OdeSolve how, VectorField field, Trajectories data, StepObserver observer) {
    this.how = how;
    this.field = field;
    this.data = data;
    this.observer = observer;
    controller = how.controller();
    isShared = how.stepControl() == StepControl.SHARED;
    int dim = field.dim();
    count = Lanes.padded(isShared ? data.count() : Math.min(how.lanes(), data.count()));
    lanes = new Lanes(dim, count);
    method =
        how.isMultistep()
            ? new AdamsMoulton(field, count, observer)
            : new RungeKutta(how.tableau(), field, count, observer);
    // Where all are integrals, their errors are all there is to go by.
    int measured = dim == field.quadratures() ? dim : dim - field.quadratures();
    List<ErrorGroup> groups =
        how.errorGroups().isEmpty()
            ? List.of(ErrorGroup.components(0, measured))
            : how.errorGroups();
    norm = new ErrorRatio(groups, isShared, dim, count);
    starts = new Starts(how, field, data, new ErrorRatio(groups, isShared, dim, count), count);
    solution = new Solution(dim, data.count(), how.saveAt() == SaveAt.DENSE);
    states = new States(how, data, solution, method, lanes);
    events = new EventLocator(how.events(), solution, method, lanes);
    proposal = new double[count];
    stop = new double[count];
    r = new double[count];
    r1 = new double[count];
    r2 = new double[count];
    origin = new double[count];
    sinceOrigin = new int[count];
    tries = new int[count];
    restarts = new boolean[count];
  }

  Solution run() {
    if (observer != null) {
      observer.begin(field.dim(), count);
    }
    fill();
    while (live > 0) {
      choose();
      if (live > 0) {
        step();
      }
      if (!isShared && live < count) {
        fill();
      }
    }
    return solution;
  }

  /** Idle lanes take up trajectories, as far as there are any. */
  private void fill() {
    for (int l = 0; l < count && starts.hasNext(); l++) {
      while (lanes.trajectory[l] < 0 && starts.hasNext()) {
        start(l, starts.next());
      }
    }
  }

  private void start(int l, int i) {
    solution.evaluated(i, starts.nfe());
    states.start(l, i);
    if (!starts.isFinite()) {
      solution.end(i, SolveStatus.BAD_INITIAL, data.times(i)[0]);
      return;
    }
    if (data.times(i).length == 1) {
      solution.end(i, SolveStatus.SUCCESS, data.times(i)[0]);
      return;
    }
    if (!Double.isFinite(starts.firstStep()) && !isUnbounded()) {
      solution.end(i, SolveStatus.NON_FINITE, data.times(i)[0]);
      return;
    }
    if (live == 0) {
      // Lanes that never get a trajectory still need states that f takes.
      for (int idle = 0; idle < count; idle++) {
        if (lanes.trajectory[idle] < 0) {
          starts.load(lanes, idle, method.k[0]);
          lanes.tNext[idle] = lanes.t[idle];
          lanes.h[idle] = 0;
        }
      }
    }
    live++;
    starts.load(lanes, l, method.k[0]);
    lanes.trajectory[l] = i;
    norm.tolerances(l, data.rtol(i, controller), data.atol(i, controller));
    proposal[l] = starts.firstStep();
    r1[l] = 1;
    r2[l] = 1;
    tries[l] = 0;
    leave(l);
    stop[l] = nextStop(l);
    method.begin(l);
    double[] times = data.times(i);
    events.start(l, data.rtol(i, controller), times[times.length - 1] - times[0]);
    if (observer != null) {
      observer.started(lanes, l, method.k[0]);
    }
  }

  /** Whether steps go from each time to land on to the next. */
  private boolean isUnbounded() {
    return controller.isFixed() && controller.firstStep() == Double.POSITIVE_INFINITY;
  }

  /** The next time that a step must end at; infinite where there is none. */
  private double nextStop(int l) {
    double[] ts = data.times(lanes.trajectory[l]);
    double t = lanes.t[l];
    double direction = Math.signum(ts[ts.length - 1] - ts[0]);
    double next =
        how.landsOnTimes()
            ? states.nextTime(l)
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
    return Double.isInfinite(next) && isUnbounded() ? ts[ts.length - 1] : next;
  }

  /** Sets the steps to try. */
  private void choose() {
    for (int l = 0; l < count; l++) {
      if (lanes.trajectory[l] < 0) {
        continue;
      }
      double most = controller.maxStep();
      double h = Math.max(-most, Math.min(most, proposal[l]));
      double room = stop[l] - lanes.t[l];
      boolean isLanding = Math.abs(h) >= Math.abs(room) * REACH;
      lanes.h[l] = isLanding ? room : h;
      lanes.tNext[l] = isLanding ? stop[l] : controller.isFixed() ? gridTime(l) : lanes.t[l] + h;
      if (events.isRetaken(l)) {
        lanes.tNext[l] = events.target(l);
        lanes.h[l] = lanes.tNext[l] - lanes.t[l];
      }
      if (tries[l]++ >= how.maxSteps()) {
        end(l, SolveStatus.MAX_STEPS);
      } else if (lanes.tNext[l] == lanes.t[l]) {
        end(
            l,
            r[l] < Double.POSITIVE_INFINITY ? SolveStatus.STEP_TOO_SMALL : SolveStatus.NON_FINITE);
      }
    }
    if (isShared) {
      shareStep();
    }
    lanes.spread();
  }

  /** The end of a step of one size: counted from where such steps began, for sums would drift. */
  private double gridTime(int l) {
    return origin[l] + (sinceOrigin[l] + 1) * proposal[l];
  }

  /** Lanes that only fill up the width go along with the others. */
  private void shareStep() {
    int leader = 0;
    while (leader < count - 1 && lanes.trajectory[leader] < 0) {
      leader++;
    }
    for (int l = 0; l < count; l++) {
      if (lanes.trajectory[l] < 0) {
        lanes.t[l] = lanes.t[leader];
        lanes.tNext[l] = lanes.tNext[leader];
        lanes.h[l] = lanes.h[leader];
      }
    }
  }

  private void step() {
    method.attempt(lanes);
    judge();
    for (int l = 0; l < count; l++) {
      // Without a jump, for which way it goes is anybody's guess.
      lanes.accepted[l] = lanes.trajectory[l] >= 0 & r[l] <= 1;
    }
    if (method.endEvaluations() > 0 && lanes.moving() > 0) {
      method.finish(lanes);
    }
    events.look();
    int moving = lanes.moving();
    if (moving > 0) {
      states.keep();
      if (observer != null) {
        observer.accepted(lanes, method.k);
      }
    }
    // Where all move on, arrays change places; else one lane after the other does.
    boolean all = moving == live;
    if (all) {
      method.advance(lanes);
    }
    adapt(!all);
    restart();
  }

  /** The squares of the error ratios; above 1 or NaN is a step to repeat. */
  private void judge() {
    if (controller.isFixed()) {
      Arrays.fill(r, 0);
      for (int i = 0; i < method.y1.length; i++) {
        r[i % count] += 0 * method.y1[i];
      }
    } else {
      norm.squares(method.errors, lanes.y, method.y1, lanes.trajectory, r);
    }
  }

  /**
   * Moves accepted lanes on, proposes step sizes, and ends what has ended.
   *
   * @param advances whether states are still to be moved on
   */
  private void adapt(boolean advances) {
    int order = method.tableau.embeddedOrder() + 1;
    for (int l = 0; l < count; l++) {
      int i = lanes.trajectory[l];
      if (i < 0) {
        continue;
      }
      int ends = lanes.accepted[l] ? method.endEvaluations() : 0;
      solution.stepped(i, lanes.accepted[l], method.evaluations[l] + ends);
      if (events.isRetaken(l)) {
        continue;
      }
      if (!lanes.accepted[l] && controller.isFixed()) {
        end(l, SolveStatus.NON_FINITE);
        continue;
      }
      double h = lanes.h[l];
      double next =
          controller.isFixed() ? proposal[l] : h * controller.factor(r[l], r1[l], r2[l], order);
      if (!lanes.accepted[l]) {
        proposal[l] = next;
        if (Math.abs(next) < controller.minStep()) {
          end(
              l,
              r[l] < Double.POSITIVE_INFINITY
                  ? SolveStatus.STEP_TOO_SMALL
                  : SolveStatus.NON_FINITE);
        }
        continue;
      }
      if (advances) {
        method.advance(lanes, l);
      }
      boolean isCutShort = lanes.tNext[l] == stop[l] || events.isAt(l);
      // A step that was cut short says little about the one after it.
      if (!isCutShort || Math.abs(next) > Math.abs(proposal[l])) {
        proposal[l] = next;
      }
      r2[l] = r1[l];
      r1[l] = Math.max(r[l], 1e-12);
      lanes.t[l] = lanes.tNext[l];
      sinceOrigin[l]++;
      arrive(l);
      if (isCutShort) {
        leave(l);
      }
    }
  }

  /** Steps of one size begin to be counted here. */
  private void leave(int l) {
    origin[l] = lanes.t[l];
    sinceOrigin[l] = 0;
  }

  private void arrive(int l) {
    SolveStatus ended = events.arrive(l);
    if (ended == null && states.isComplete(l)) {
      ended = SolveStatus.SUCCESS;
    }
    restarts[l] = ended == null && events.restart(l);
    if (observer != null && events.hit(l) != null && !restarts[l]) {
      observer.event(lanes, l, events.hit(l), method.k[0], null);
    }
    if (ended != null) {
      end(l, ended);
    } else if (lanes.t[l] == stop[l]) {
      leaveStop(l);
    }
  }

  private void leaveStop(int l) {
    double direction = Math.copySign(Double.POSITIVE_INFINITY, lanes.h[l]);
    // No −0, which is not found.
    double jump = Math.nextAfter(lanes.t[l], direction) + 0.0;
    if (Arrays.binarySearch(how.jumpAt(), jump) >= 0) {
      lanes.t[l] = Math.nextAfter(jump, direction);
      restarts[l] = true;
    }
    stop[l] = nextStop(l);
  }

  /** Evaluates f anew where it has jumped. */
  private void restart() {
    for (int l = 0; l < count; l++) {
      if (restarts[l]) {
        renew();
        return;
      }
    }
  }

  private void renew() {
    @Real double[] slopes = method.k[method.tableau.end()];
    field.apply(lanes.t, lanes.y, slopes);
    for (int l = 0; l < count; l++) {
      if (restarts[l]) {
        restarts[l] = false;
        method.begin(l);
        if (observer != null) {
          EventHit hit = events.restart(l) ? events.hit(l) : null;
          observer.event(lanes, l, hit, method.k[0], slopes);
        }
        for (int at = l; at < slopes.length; at += count) {
          method.k[0][at] = slopes[at];
        }
        solution.evaluated(lanes.trajectory[l], 1);
        events.restarted(l);
      }
    }
  }

  private void end(int l, SolveStatus status) {
    int i = lanes.trajectory[l];
    double[] times = data.times(i);
    boolean isSuccess = status == SolveStatus.SUCCESS;
    solution.end(i, status, isSuccess ? times[times.length - 1] : lanes.t[l]);
    states.end(l, status);
    lanes.trajectory[l] = -1;
    lanes.h[l] = 0;
    lanes.tNext[l] = lanes.t[l];
    live--;
  }
}
