package io.gradlens.ode.adjoint;

import io.gradlens.kernel.Real;
import io.gradlens.ode.ButcherTableau;
import io.gradlens.ode.DenseWeights;
import io.gradlens.ode.DifferentiableField;
import io.gradlens.ode.EventHit;
import io.gradlens.ode.LaneTimes;
import io.gradlens.ode.Lanes;
import io.gradlens.ode.StepObserver;
import io.gradlens.ode.Tape;
import io.gradlens.ode.ThetaGradient;
import io.gradlens.ode.Trajectories;
import java.util.ArrayList;
import java.util.List;

/** Writes down the steps of a solve, as much of them as memory is given for. */
@Real
final class StepLog implements StepObserver {

  /** A step of all lanes. */
  static final class Step {
    double[] t;
    double[] tNext;
    double[] h;
    int[] trajectory;

    /** States and slopes at the beginning; null where they are to be computed again. */
    @Real double[] y;

    @Real double[] slopes;

    Tape tape;

    /** Whether the evaluations are on the tape. */
    boolean isTaped;
  }

  /** Before a step, a lane took up a trajectory, or had it pass an event or a jump of f. */
  static final class Start {
    int step;
    int lane;
    int trajectory;
    double t;

    /** What it goes on with; null if it has ended or goes on as it came. */
    @Real double[] y;

    @Real double[] slopes;

    /** f before; null at the start of a trajectory. */
    @Real double[] slopesBefore;

    /** The event's place among those of its trajectory; −1 without one. */
    int event = -1;
  }

  private final ButcherTableau tableau;
  private final DifferentiableField field;
  private final ThetaGradient thetaGradient;
  private final StepMemory memory;
  private final List<Step> steps = new ArrayList<>();
  private final List<Start> starts = new ArrayList<>();
  private final List<@Real double[]> free = new ArrayList<>();
  private final DenseWeights denseSlopes;
  private Trajectories data;
  private double[][] slopes;
  private int[] next;
  private int[] events;
  private int dim;
  private int lanes;
  private int count;
  private int every;
  private long bytes;
  private long stateBytes;
  private long peakBytes;

  StepLog(
      ButcherTableau tableau,
      DifferentiableField field,
      ThetaGradient thetaGradient,
      StepMemory memory) {
    this.tableau = tableau;
    this.field = field;
    this.thetaGradient = thetaGradient;
    // Implicit stages are solved again: their Jacobians take the states.
    this.memory = tableau.gamma() == 0 ? memory : new StepMemory(false, memory.bytes());
    denseSlopes = DenseWeights.slopesOf(tableau);
  }

  /** Forgets everything but its arrays. */
  void reset(Trajectories trajectories) {
    data = trajectories;
    slopes = new double[trajectories.count()][];
    for (int i = 0; i < slopes.length; i++) {
      slopes[i] = new double[trajectories.times(i).length * trajectories.dim()];
    }
    // What a loss that threw has left behind.
    for (int s = 0; s < count; s++) {
      forget(s);
    }
    count = 0;
    every = 1;
    bytes = 0;
    stateBytes = 0;
    peakBytes = 0;
    starts.clear();
  }

  @Override
  public void begin(int dimension, int width) {
    if (width != lanes || dimension != dim) {
      steps.clear();
      free.clear();
    }
    dim = dimension;
    lanes = width;
    next = new int[width];
    events = new int[width];
  }

  @Override
  public void started(Lanes block, int lane, @Real double[] initialSlopes) {
    Start start = start(block, lane);
    start.y = column(block.y(), lane);
    start.slopes = column(initialSlopes, lane);
    next[lane] = 1;
    events[lane] = 0;
    hold(2L * dim * bytesOfNumber());
  }

  @Override
  public void event(
      Lanes block, int lane, EventHit hit, @Real double[] before, @Real double[] after) {
    Start start = start(block, lane);
    start.slopesBefore = column(before, lane);
    if (after != null) {
      start.y = column(block.y(), lane);
      start.slopes = column(after, lane);
    }
    if (hit != null) {
      start.event = events[lane]++;
    }
    hold((after == null ? 1L : 3L) * dim * bytesOfNumber());
  }

  private Start start(Lanes block, int lane) {
    Start start = new Start();
    start.step = count;
    start.lane = lane;
    start.trajectory = block.trajectory()[lane];
    start.t = block.t()[lane];
    starts.add(start);
    return start;
  }

  private @Real double[] column(@Real double[] state, int lane) {
    @Real double[] column = new @Real double[dim];
    for (int d = 0; d < dim; d++) {
      column[d] = state[d * lanes + lane];
    }
    return column;
  }

  @Override
  public Tape tape() {
    return memory.isStored() ? current().tape : null;
  }

  @Override
  public int slot() {
    return 0;
  }

  private Step current() {
    if (count == steps.size()) {
      Step step = new Step();
      step.t = new double[lanes];
      step.tNext = new double[lanes];
      step.h = new double[lanes];
      step.trajectory = new int[lanes];
      if (memory.isStored()) {
        step.tape = field.tape(lanes, tableau.allStages(), thetaGradient);
      }
      steps.add(step);
    }
    return steps.get(count);
  }

  @Override
  public void accepted(Lanes block, @Real double[][] k) {
    Step step = current();
    for (int l = 0; l < lanes; l++) {
      step.t[l] = block.t()[l];
      step.tNext[l] = block.tNext()[l];
      step.h[l] = block.h()[l];
      step.trajectory[l] = block.accepted()[l] ? block.trajectory()[l] : -1;
      if (block.accepted()[l]) {
        passTimes(block, l, k);
      }
    }
    hold(lanes * 28L);
    step.isTaped = memory.isStored() && isFinite(k);
    if (step.isTaped) {
      hold(step.tape.bytes());
    } else if (count % every == 0) {
      step.y = array();
      step.slopes = array();
      System.arraycopy(block.y(), 0, step.y, 0, step.y.length);
      System.arraycopy(k[0], 0, step.slopes, 0, step.slopes.length);
      holdStates(1);
      thin();
    }
    count++;
  }

  /** Whether it is, in lanes too whose step was refused: a zero times their slopes must be zero. */
  private boolean isFinite(@Real double[][] k) {
    double sum = 0;
    for (int q = 1; q <= tableau.end(); q++) {
      for (@Real double slope : k[q]) {
        sum += 0 * slope;
      }
    }
    return sum == 0;
  }

  private @Real double[] array() {
    return free.isEmpty() ? new @Real double[dim * lanes] : free.remove(free.size() - 1);
  }

  /** Keeps half as many states when they have become too many. */
  private void thin() {
    while (stateBytes > memory.bytes() / 2 && every < count) {
      every *= 2;
      for (int s = 0; s <= count; s++) {
        if (s % every != 0) {
          forget(s);
        }
      }
    }
  }

  /** Gives up a step's states. */
  void forget(int s) {
    Step step = steps.get(s);
    if (step.y != null) {
      free.add(step.y);
      free.add(step.slopes);
      holdStates(-1);
      step.y = null;
      step.slopes = null;
    }
  }

  /** Takes in a step's states that were computed again. */
  void recall(int s, @Real double[] y, @Real double[] stepSlopes) {
    Step step = steps.get(s);
    step.y = array();
    step.slopes = array();
    System.arraycopy(y, 0, step.y, 0, y.length);
    System.arraycopy(stepSlopes, 0, step.slopes, 0, y.length);
    holdStates(1);
  }

  private static long bytesOfNumber() {
    return (@Real double) 0.1 == 0.1 ? Double.BYTES : Float.BYTES;
  }

  /** The state and slopes of a step, or one less. */
  private void holdStates(int more) {
    long size = 2L * more * dim * lanes * bytesOfNumber();
    stateBytes += size;
    hold(size);
  }

  private void hold(long more) {
    bytes += more;
    peakBytes = Math.max(peakBytes, bytes);
  }

  /** The slopes of the dense output at the times within a lane's step. */
  private void passTimes(Lanes block, int l, @Real double[][] k) {
    int i = block.trajectory()[l];
    double[] ts = data.times(i);
    double h = block.h()[l];
    while (next[l] < ts.length && LaneTimes.isPassed(ts[next[l]], block.tNext()[l], h)) {
      boolean isEnd = (ts[next[l]] - block.tNext()[l]) * h >= 0;
      double[] weights = denseSlopes.at(isEnd ? 1 : (ts[next[l]] - block.t()[l]) / h);
      for (int d = 0; d < dim; d++) {
        double slope = 0;
        for (int q = 0; q < weights.length; q++) {
          slope += weights[q] == 0 ? 0 : weights[q] * k[q][d * lanes + l];
        }
        slopes[i][next[l] * dim + d] = slope;
      }
      next[l]++;
    }
  }

  /** How many steps there are. */
  int count() {
    return count;
  }

  int lanes() {
    return lanes;
  }

  Step step(int s) {
    return steps.get(s);
  }

  List<Start> starts() {
    return starts;
  }

  /** dy/dt of the dense output at a trajectory's times, {@code [time][dim]}. */
  double[] slopes(int trajectory) {
    return slopes[trajectory];
  }

  long peakBytes() {
    return peakBytes;
  }
}
