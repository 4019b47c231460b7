package io.gradlens.device;

import io.gradlens.ode.DenseWeights;
import io.gradlens.ode.LaneTimes;
import io.gradlens.ode.Solution;
import io.gradlens.ode.Trajectories;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Brings the states at the trajectories' times to the host: what a step passes, all lanes at once.
 */
final class DeviceStates {
  private final DeviceStep step;
  private final int dim;
  private final int count;
  private final DenseWeights weights;
  private final DenseWeights slopeWeights;
  private final DenseLanes dense;
  private final INDArray out;
  private final int[] next;
  private final double[] nextTimes;
  private final boolean[] isPassing;
  private Trajectories data;
  private Solution solution;
  private LaneTimes lanes;
  private DeviceLog log;

  DeviceStates(DeviceStep step, DataType type, int dim, int count) {
    this.step = step;
    this.dim = dim;
    this.count = count;
    weights = DenseWeights.of(step.tableau);
    slopeWeights = DenseWeights.slopesOf(step.tableau);
    dense = new DenseLanes(step.tableau, type, dim, count);
    out = LaneArray.of(type, dim, count);
    next = new int[count];
    nextTimes = new double[count];
    isPassing = new boolean[count];
  }

  /** Begins with one trajectory a lane. */
  void begin(Trajectories trajectories, Solution into, LaneTimes of, DeviceLog slopes) {
    data = trajectories;
    solution = into;
    lanes = of;
    log = slopes;
    Arrays.fill(nextTimes, Double.NaN);
    for (int l = 0; l < data.count(); l++) {
      double[] ts = data.times(l);
      double[] ys = new double[ts.length * dim];
      Arrays.fill(ys, Double.NaN);
      for (int d = 0; d < dim; d++) {
        ys[d] = data.y0(l, d);
      }
      solution.states(l, ts, ys);
      next[l] = 1;
      nextTimes[l] = ts.length > 1 ? ts[1] : Double.NaN;
    }
  }

  /** The next of every lane's times, NaN where all are passed; live. */
  double[] nextTimes() {
    return nextTimes;
  }

  /** Keeps what lies within the accepted steps. */
  void keep() {
    if (denseStages() > 0 && countWithin()) {
      step.denseStages();
    }
    while (pass()) {
      write();
      for (int l = 0; l < count; l++) {
        if (isPassing[l]) {
          double[] ts = data.times(l);
          next[l]++;
          nextTimes[l] = next[l] < ts.length ? ts[next[l]] : Double.NaN;
        }
      }
    }
  }

  private int denseStages() {
    return step.tableau.denseStages() - step.tableau.end() - 1;
  }

  /**
   * Counts the stages that only the dense output needs, where a lane has a time within its step.
   */
  private boolean countWithin() {
    boolean isAny = false;
    for (int l = 0; l < count; l++) {
      if (lanes.accepted()[l] && (nextTimes[l] - lanes.tNext()[l]) * lanes.h()[l] < 0) {
        solution.evaluated(l, denseStages());
        isAny = true;
      }
    }
    return isAny;
  }

  /** Finds a time that each lane passes, as far as there are any. */
  private boolean pass() {
    boolean isAny = false;
    for (int l = 0; l < count; l++) {
      isPassing[l] =
          lanes.accepted()[l] && LaneTimes.isPassed(nextTimes[l], lanes.tNext()[l], lanes.h()[l]);
      isAny |= isPassing[l];
    }
    return isAny;
  }

  private void write() {
    dense.clear();
    for (int l = 0; l < count; l++) {
      if (isPassing[l]) {
        dense.set(l, weights.at(place(l)), lanes.h()[l]);
      }
    }
    out.assign(step.y);
    dense.addSum(step.k, out);
    double[] states = out.data().asDouble();
    for (int l = 0; l < count; l++) {
      if (isPassing[l]) {
        copy(states, l, solution.ys(l));
      }
    }
    if (log != null) {
      writeSlopes();
    }
  }

  private void writeSlopes() {
    dense.clear();
    for (int l = 0; l < count; l++) {
      if (isPassing[l]) {
        dense.set(l, slopeWeights.at(place(l)), 1);
      }
    }
    out.assign(0);
    dense.addSum(step.k, out);
    double[] slopes = out.data().asDouble();
    for (int l = 0; l < count; l++) {
      if (isPassing[l]) {
        copy(slopes, l, log.slopes(l));
      }
    }
  }

  /** Where in the step the lane's next time is, 0 to 1. */
  private double place(int l) {
    double h = lanes.h()[l];
    boolean isEnd = (nextTimes[l] - lanes.tNext()[l]) * h >= 0;
    return isEnd ? 1 : (nextTimes[l] - lanes.t()[l]) / h;
  }

  private void copy(double[] from, int l, double[] to) {
    for (int d = 0; d < dim; d++) {
      to[next[l] * dim + d] = from[d * count + l];
    }
  }
}
