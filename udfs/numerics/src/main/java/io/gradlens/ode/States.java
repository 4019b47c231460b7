package io.gradlens.ode;

import io.gradlens.kernel.Real;
import java.util.Arrays;

/** Keeps the states that a solve is asked for. */
@Real
final class States {
  private final SaveAt saveAt;
  private final Trajectories data;
  private final Solution solution;
  private final RungeKutta method;
  private final Lanes lanes;
  private final int dim;
  private final int[] next;
  private final double[] nextTime;
  private final int[] rows;
  private final double[][] ts;
  private final double[][] ys;
  private final DenseOutput[] dense;
  private final DenseWeights weights;
  private boolean hasDenseStages;

  States(OdeSolve how, Trajectories data, Solution solution, RungeKutta method, Lanes lanes) {
    this.data = data;
    this.solution = solution;
    this.method = method;
    this.lanes = lanes;
    saveAt = how.saveAt();
    dim = data.dim();
    next = new int[lanes.count];
    nextTime = new double[lanes.count];
    rows = new int[lanes.count];
    ts = new double[lanes.count][];
    ys = new double[lanes.count][];
    dense = new DenseOutput[lanes.count];
    weights = DenseWeights.of(method.tableau);
  }

  /** Begins a trajectory in a lane. */
  void start(int l, int i) {
    double[] times = data.times(i);
    next[l] = 1;
    nextTime[l] = times.length > 1 ? times[1] : Double.NaN;
    rows[l] = 1;
    switch (saveAt) {
      case T1 -> ts[l] = new double[] {times[times.length - 1]};
      case TS, DENSE -> ts[l] = times;
      case STEPS -> ts[l] = Arrays.copyOf(times, 16);
    }
    ys[l] = new double[ts[l].length * dim];
    Arrays.fill(ys[l], Double.NaN);
    if (saveAt != SaveAt.T1 || times.length == 1) {
      for (int d = 0; d < dim; d++) {
        ys[l][d] = data.y0(i, d);
      }
    }
    if (saveAt == SaveAt.STEPS) {
      solution.states(i, Arrays.copyOf(times, 1), Arrays.copyOf(ys[l], dim));
    } else {
      solution.states(i, ts[l], ys[l]);
    }
    if (saveAt == SaveAt.DENSE) {
      dense[l] = new DenseOutput(method.tableau, dim);
      solution.dense(i, dense[l]);
    }
  }

  /** The next of the trajectory's times. */
  double nextTime(int l) {
    return nextTime[l];
  }

  /** The next of every lane's times, NaN where all are passed. */
  double[] nextTimes() {
    return nextTime;
  }

  /** Keeps what lies within the accepted steps. */
  void keep() {
    hasDenseStages = false;
    boolean isEveryStep = saveAt == SaveAt.STEPS || saveAt == SaveAt.DENSE;
    for (int l = 0; l < lanes.count; l++) {
      // Seldom a time is passed; which steps are accepted is harder to foresee.
      boolean isPassed = LaneTimes.isPassed(nextTime[l], lanes.tNext[l], lanes.h[l]);
      if ((isPassed || isEveryStep) && lanes.accepted[l]) {
        keep(l);
      }
    }
  }

  private void keep(int l) {
    int denseStages = method.tableau.denseStages() - method.tableau.end() - 1;
    if (denseStages > 0 && (saveAt == SaveAt.DENSE || isWithin(l))) {
      solution.evaluated(lanes.trajectory[l], denseStages);
      if (!hasDenseStages) {
        method.denseStages(lanes);
        hasDenseStages = true;
      }
    }
    passTimes(l);
    if (saveAt == SaveAt.STEPS) {
      addStep(l);
    } else if (saveAt == SaveAt.DENSE) {
      addInterpolant(l);
    }
  }

  private boolean isWithin(int l) {
    double[] times = data.times(lanes.trajectory[l]);
    return saveAt != SaveAt.STEPS
        && (times[saveAt == SaveAt.T1 ? times.length - 1 : next[l]] - lanes.tNext[l]) * lanes.h[l]
            < 0;
  }

  private void passTimes(int l) {
    double[] times = data.times(lanes.trajectory[l]);
    while (next[l] < times.length
        && LaneTimes.isPassed(times[next[l]], lanes.tNext[l], lanes.h[l])) {
      int row = saveAt == SaveAt.T1 ? next[l] + 1 - times.length : next[l];
      if (row >= 0 && saveAt != SaveAt.STEPS) {
        state(l, times[next[l]], ys[l], row * dim);
      }
      next[l]++;
    }
    nextTime[l] = next[l] < times.length ? times[next[l]] : Double.NaN;
  }

  /** Writes the state at a time within the lane's step. */
  private void state(int l, double t, double[] out, int at) {
    int n = lanes.count;
    if ((t - lanes.tNext[l]) * lanes.h[l] >= 0) {
      for (int d = 0; d < dim; d++) {
        out[at + d] = method.y1[d * n + l];
      }
      return;
    }
    double[] w = weights.at((t - lanes.t[l]) / lanes.h[l]);
    for (int d = 0; d < dim; d++) {
      double sum = 0;
      for (int i = 0; i < w.length; i++) {
        sum += w[i] * method.k[i][d * n + l];
      }
      out[at + d] = lanes.y[d * n + l] + lanes.h[l] * sum;
    }
  }

  private void addStep(int l) {
    if (rows[l] == ts[l].length) {
      ts[l] = Arrays.copyOf(ts[l], 2 * rows[l]);
      ys[l] = Arrays.copyOf(ys[l], 2 * rows[l] * dim);
    }
    ts[l][rows[l]] = lanes.tNext[l];
    state(l, lanes.tNext[l], ys[l], rows[l] * dim);
    rows[l]++;
  }

  private void addInterpolant(int l) {
    int at = dense[l].add(lanes.t[l], lanes.h[l]);
    double[] numbers = dense[l].numbers();
    for (int d = 0; d < dim; d++) {
      numbers[at + d] = lanes.y[d * lanes.count + l];
      for (int i = 0; i < method.tableau.denseStages(); i++) {
        numbers[at + (1 + i) * dim + d] = method.k[i][d * lanes.count + l];
      }
    }
  }

  /** Ends the lane's trajectory. */
  void end(int l, SolveStatus status) {
    if (saveAt == SaveAt.T1 && status == SolveStatus.TERMINATED) {
      ts[l][0] = lanes.t[l];
      for (int d = 0; d < dim; d++) {
        ys[l][d] = lanes.y[d * lanes.count + l];
      }
    }
    if (saveAt == SaveAt.STEPS) {
      solution.states(
          lanes.trajectory[l], Arrays.copyOf(ts[l], rows[l]), Arrays.copyOf(ys[l], rows[l] * dim));
    }
  }
}
