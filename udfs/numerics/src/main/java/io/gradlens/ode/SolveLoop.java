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
  private final double[] r;
  private final StepSizes sizes;
  private final int[] tries;
  private final int[] special;
  private final int[] evaluations;
  private final boolean[] restarts;
  private boolean isRestarting;
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
    solution = new Solution(dim, data.count(), how.saveAt());
    states = new States(how, data, solution, method, lanes);
    events = new EventLocator(how.events(), solution, method, lanes);
    sizes = new StepSizes(how, data, lanes, states.nextTimes());
    r = new double[count];
    tries = new int[count];
    special = new int[count];
    evaluations = new int[count];
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
    if (!Double.isFinite(starts.firstStep()) && !StepSizes.isUnbounded(controller)) {
      solution.end(i, SolveStatus.NON_FINITE, data.times(i)[0]);
      return;
    }
    if (live == 0) {
      // Lanes that never get a trajectory still need states that f takes.
      for (int idle = 0; idle < count; idle++) {
        if (lanes.trajectory[idle] < 0) {
          starts.load(lanes, idle, method.k[0]);
          sizes.rest(idle);
        }
      }
    }
    live++;
    starts.load(lanes, l, method.k[0]);
    lanes.trajectory[l] = i;
    norm.tolerances(l, data.rtol(i, controller), data.atol(i, controller));
    sizes.start(l, starts.firstStep());
    tries[l] = 0;
    evaluations[l] = 0;
    method.begin(l);
    double[] times = data.times(i);
    events.start(l, data.rtol(i, controller), times[times.length - 1] - times[0]);
    if (observer != null) {
      observer.started(lanes, l, method.k[0]);
    }
  }

  /** Sets the steps to try. */
  private void choose() {
    sizes.choose();
    events.retake();
    int most = how.maxSteps();
    for (int l = 0; l < count; l++) {
      if (tries[l] >= most || lanes.tNext[l] == lanes.t[l]) {
        stop(l);
      }
      tries[l]++;
    }
    if (isShared) {
      shareStep();
    }
    lanes.spread();
  }

  /** Ends a trajectory that has no step to try. */
  private void stop(int l) {
    if (lanes.trajectory[l] >= 0) {
      end(l, tries[l] >= how.maxSteps() ? SolveStatus.MAX_STEPS : stuck(l));
    }
  }

  /** Why there is no smaller step. */
  private SolveStatus stuck(int l) {
    return r[l] < Double.POSITIVE_INFINITY ? SolveStatus.STEP_TOO_SMALL : SolveStatus.NON_FINITE;
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
    for (int l = 0; l < count; l++) {
      evaluations[l] += method.evaluations[l];
    }
    judge();
    if (method.endEvaluations() > 0 && lanes.moving() > 0) {
      method.finish(lanes);
    }
    events.look();
    boolean isMoving = lanes.moving() > 0;
    if (isMoving) {
      states.keep();
      if (observer != null) {
        observer.accepted(lanes, method.k);
      }
      method.advance(lanes);
    }
    adapt(isMoving);
    if (isRestarting) {
      restart();
    }
  }

  /** Which steps are accepted: those whose error ratio is at most 1, and not NaN. */
  private void judge() {
    if (controller.isFixed()) {
      Arrays.fill(r, 0);
      for (int at = 0; at < method.y1.length; at += count) {
        for (int l = 0; l < count; l++) {
          r[l] += 0 * method.y1[at + l];
        }
      }
    } else {
      norm.squares(method.errors, lanes.y, method.y1, lanes.trajectory, r);
    }
    for (int l = 0; l < count; l++) {
      // Without a jump, for which way it goes is anybody's guess.
      lanes.accepted[l] = lanes.trajectory[l] >= 0 & r[l] <= 1;
    }
    sizes.judge(r);
  }

  /**
   * Moves the times of accepted steps on, and ends what has ended.
   *
   * @param hasAdvanced whether the method has made the ends of steps their beginnings
   */
  private void adapt(boolean hasAdvanced) {
    int specials = sizes.move(r, special);
    for (int i = 0; i < specials; i++) {
      int l = special[i];
      if (lanes.accepted[l]) {
        arrive(l);
        sizes.leave(l);
        continue;
      }
      if (hasAdvanced) {
        method.goBack(lanes, l);
      }
      if (lanes.trajectory[l] >= 0 && !events.isRetaken(l) && !sizes.reject(l, r[l])) {
        end(l, controller.isFixed() ? SolveStatus.NON_FINITE : stuck(l));
      }
    }
  }

  private void arrive(int l) {
    SolveStatus ended = events.arrive(l);
    if (ended == null && Double.isNaN(states.nextTime(l))) {
      ended = SolveStatus.SUCCESS;
    }
    restarts[l] = ended == null && events.restart(l);
    isRestarting |= restarts[l];
    if (observer != null && events.hit(l) != null && !restarts[l]) {
      observer.event(lanes, l, events.hit(l), method.k[0], null);
    }
    if (ended != null) {
      end(l, ended);
    } else if (sizes.isAtStop(l)) {
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
      isRestarting = true;
    }
    sizes.leaveStop(l);
  }

  /** Evaluates f anew where it has jumped. */
  private void restart() {
    isRestarting = false;
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
    int steps = sizes.steps(l);
    int all = evaluations[l] + steps * method.endEvaluations();
    solution.stepped(i, steps, tries[l] - steps, all);
    solution.end(i, status, isSuccess ? times[times.length - 1] : lanes.t[l]);
    states.end(l, status);
    lanes.trajectory[l] = -1;
    sizes.rest(l);
    live--;
  }
}
