package io.gradlens.ode.adjoint;

import io.gradlens.kernel.Real;
import io.gradlens.ode.ButcherTableau;
import io.gradlens.ode.DenseWeights;
import io.gradlens.ode.LaneTimes;
import io.gradlens.ode.SolveStatus;
import io.gradlens.ode.Trajectories;
import java.util.Arrays;

/** What the loss sees within a step, as cotangents of the step's beginning, stages and end. */
@Real
final class StepObservations {
  private final StepLog log;
  private final int dim;
  private final int lanes;

  /** Cotangents of f at the stages, in what the dense output makes of it. */
  private final @Real double[][] stages;

  private final @Real double[] zeros;
  private final DenseWeights denseWeights;

  /** The time of every lane's trajectory that comes next, backwards; −1 where one begins. */
  private final int[] next;

  private boolean isDense;

  StepObservations(ButcherTableau tableau, StepLog log, int dim) {
    this.log = log;
    this.dim = dim;
    lanes = log.lanes();
    stages = new @Real double[tableau.allStages()][dim * lanes];
    zeros = new @Real double[dim * lanes];
    denseWeights = DenseWeights.of(tableau);
    next = new int[lanes];
  }

  /** The way back begins. */
  void begin() {
    Arrays.fill(next, -1);
  }

  /** A lane's trajectory is done with. */
  void clear(int lane) {
    next[lane] = -1;
  }

  /** Whether something was observed before the end of the step. */
  boolean isDense() {
    return isDense;
  }

  /** Cotangents of f at a stage; zeros where the loss does not see the stages. */
  @Real
  double[] stage(int q) {
    return isDense ? stages[q] : zeros;
  }

  /**
   * Looks at a step.
   *
   * @param before cotangents of the state at its beginning are added
   * @param end cotangents of the state at its end are added
   * @param gradT what moving observations does to dL/dt₀ is added
   */
  void observe(
      StepLog.Step step,
      Trajectories data,
      Gradients gradients,
      @Real double[] before,
      @Real double[] end,
      double[] gradT) {
    isDense = false;
    for (int l = 0; l < lanes; l++) {
      int i = step.trajectory[l];
      if (i < 0) {
        continue;
      }
      double[] ts = data.times(i);
      if (next[l] < 0) {
        next[l] = ts.length - 1;
        // A terminal event has kept it from the last ones.
        boolean isCut = gradients.solution().status(i) == SolveStatus.TERMINATED;
        while (isCut && !LaneTimes.isPassed(ts[next[l]], step.tNext[l], step.h[l])) {
          next[l]--;
        }
      }
      for (; next[l] >= 1 && !LaneTimes.isPassed(ts[next[l]], step.t[l], step.h[l]); next[l]--) {
        gradT[l] -= move(i, next[l], gradients);
        double[] g = gradients.cotangents(i);
        if ((ts[next[l]] - step.tNext[l]) * step.h[l] >= 0) {
          for (int d = 0; d < dim; d++) {
            end[d * lanes + l] += (@Real double) g[next[l] * dim + d];
          }
        } else {
          within(step, l, ts[next[l]], g, next[l] * dim, before);
        }
      }
    }
  }

  /** Adds g·p′, with the slope p′ of the dense output, to dL/dt of a time. */
  private double move(int i, int time, Gradients gradients) {
    double[] g = gradients.cotangents(i);
    double[] slopes = log.slopes(i);
    double moved = 0;
    for (int d = 0; d < dim; d++) {
      moved += g[time * dim + d] * slopes[time * dim + d];
    }
    gradients.gradT(i)[time] += moved;
    return moved;
  }

  private void within(
      StepLog.Step step, int l, double t, double[] g, int from, @Real double[] before) {
    if (!isDense) {
      isDense = true;
      for (@Real double[] each : stages) {
        Arrays.fill(each, 0);
      }
    }
    double[] weights = denseWeights.at((t - step.t[l]) / step.h[l]);
    for (int d = 0; d < dim; d++) {
      int to = d * lanes + l;
      double cotangent = g[from + d];
      before[to] += (@Real double) cotangent;
      for (int q = 0; q < weights.length; q++) {
        stages[q][to] += (@Real double) (step.h[l] * weights[q] * cotangent);
      }
    }
  }
}
