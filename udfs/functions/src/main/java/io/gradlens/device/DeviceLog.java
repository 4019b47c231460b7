package io.gradlens.device;

import io.gradlens.ode.LaneTimes;
import io.gradlens.ode.Trajectories;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The steps of a solve, for the way back. Their states stay on the device, all of them or, where
 * that takes more than half of the bytes that are given, every second, fourth, … one; the others
 * are computed again, with room in the other half.
 *
 * <p>Source: Stumm and Walther, New algorithms for optimal online checkpointing, 2010.
 */
final class DeviceLog {

  /** A step of all lanes. */
  static final class Step {
    double[] t;
    double[] tNext;

    /** 0 where a lane stood still. */
    double[] h;

    /** −1 where a lane stood still. */
    int[] trajectory;

    /** State and slope at the beginning; null where they are to be computed again. */
    INDArray y;

    INDArray slopes;
  }

  private final long budget;
  private final List<Step> steps = new ArrayList<>();
  private final List<INDArray> free = new ArrayList<>();
  private double[][] slopes;
  private Step start;
  private long stateBytes;
  private int every;
  private int kept;
  private int mostKept;

  /**
   * @param budget bytes for states
   */
  DeviceLog(long budget) {
    this.budget = budget;
  }

  /** Forgets everything but its arrays, and begins with initial states. */
  void begin(Trajectories data, LaneTimes lanes, INDArray y) {
    steps.forEach(this::forget);
    steps.clear();
    if (start != null) {
      free.add(start.y);
    }
    if (!free.isEmpty() && free.get(0).length() != y.length()) {
      free.forEach(INDArray::close);
      free.clear();
    }
    every = 1;
    kept = 0;
    mostKept = 0;
    stateBytes = 2 * y.length() * y.dataType().width();
    slopes = new double[data.count()][];
    for (int i = 0; i < slopes.length; i++) {
      slopes[i] = new double[data.times(i).length * data.dim()];
    }
    start = new Step();
    start.t = lanes.t().clone();
    start.y = copy(y);
  }

  private INDArray copy(INDArray state) {
    return free.isEmpty() ? state.dup('c') : free.remove(free.size() - 1).assign(state);
  }

  /** Writes an accepted step down. */
  void accepted(LaneTimes lanes, INDArray y, INDArray slopesBefore) {
    Step step = new Step();
    step.t = lanes.t().clone();
    step.tNext = lanes.tNext().clone();
    step.h = lanes.h().clone();
    step.trajectory = lanes.trajectory().clone();
    for (int l = 0; l < step.h.length; l++) {
      if (!lanes.accepted()[l]) {
        step.h[l] = 0;
        step.trajectory[l] = -1;
        step.tNext[l] = step.t[l];
      }
    }
    if (steps.size() % every == 0) {
      keep(step, y, slopesBefore);
    }
    steps.add(step);
    while (kept * stateBytes > budget / 2 && every < steps.size()) {
      every *= 2;
      for (int s = 0; s < steps.size(); s++) {
        if (s % every != 0) {
          forget(steps.get(s));
        }
      }
    }
  }

  /** Keeps the state and slope that a step begins with. */
  void keep(Step step, INDArray y, INDArray slopesBefore) {
    step.y = copy(y);
    step.slopes = copy(slopesBefore);
    kept++;
    mostKept = Math.max(mostKept, kept);
  }

  /** Gives a step's state up. */
  void forget(Step step) {
    if (step.y != null) {
      free.add(step.y);
      free.add(step.slopes);
      step.y = null;
      step.slopes = null;
      kept--;
    }
  }

  /** How many states more there is room for, at least 1. */
  int room() {
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, budget / stateBytes - kept));
  }

  int count() {
    return steps.size();
  }

  Step step(int s) {
    return steps.get(s);
  }

  /** Where all lanes began: times and states. */
  Step start() {
    return start;
  }

  /** dy/dt of the dense output at a trajectory's times, {@code [time][dim]}. */
  double[] slopes(int trajectory) {
    return slopes[trajectory];
  }

  /** The most bytes of states that there were at one time. */
  long peakBytes() {
    return mostKept * stateBytes;
  }
}
