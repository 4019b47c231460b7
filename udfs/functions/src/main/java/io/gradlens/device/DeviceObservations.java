package io.gradlens.device;

import io.gradlens.ode.DenseWeights;
import io.gradlens.ode.LaneTimes;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.adjoint.Gradients;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What the loss sees within a step, as cotangents of the step's beginning, stages and end. */
final class DeviceObservations {
  private final DeviceStep step;
  private final int dim;
  private final int count;
  private final DenseWeights weights;
  private final DenseLanes dense;
  private final INDArray cotangent;
  private final double[] numbers;
  private final double[] gradT0;

  /** The time of every lane's trajectory that comes next, backwards. */
  private final int[] next;

  private boolean isDense;

  DeviceObservations(DeviceStep step, DataType type, int dim, int count) {
    this.step = step;
    this.dim = dim;
    this.count = count;
    weights = DenseWeights.of(step.tableau);
    dense = new DenseLanes(step.tableau, type, dim, count);
    cotangent = LaneArray.of(type, dim, count);
    numbers = new double[dim * count];
    gradT0 = new double[count];
    next = new int[count];
  }

  /** Begins with the last times of all trajectories. */
  void begin(Trajectories data) {
    Arrays.fill(gradT0, 0);
    for (int l = 0; l < data.count(); l++) {
      next[l] = data.times(l).length - 1;
    }
  }

  /** Whether something was observed before the end of the step looked at last. */
  boolean isDense() {
    return isDense;
  }

  /** What moving observations does to dL/dt₀, lane by lane. */
  double[] gradT0() {
    return gradT0;
  }

  /**
   * Looks at a step.
   *
   * @param before cotangents of the state at its beginning are added
   * @param end cotangents of the state at its end are added
   * @param stages overwritten by cotangents of f at the stages, where {@link #isDense}
   */
  void observe(
      DeviceLog.Step logged,
      DeviceLog log,
      Trajectories data,
      Gradients gradients,
      INDArray before,
      INDArray end,
      INDArray[] stages) {
    isDense = false;
    if (take(logged, log, data, gradients, true)) {
      end.addi(cotangent);
    }
    while (take(logged, log, data, gradients, false)) {
      if (!isDense) {
        isDense = true;
        for (INDArray each : stages) {
          each.assign(0);
        }
      }
      before.addi(cotangent);
      dense.addEach(cotangent, stages);
    }
  }

  /**
   * Takes up to one observation a lane.
   *
   * @param isAtEnd whether those at the end of the step, or else those within it
   * @return whether there was any
   */
  private boolean take(
      DeviceLog.Step logged,
      DeviceLog log,
      Trajectories data,
      Gradients gradients,
      boolean isAtEnd) {
    boolean isAny = false;
    for (int l = 0; l < data.count(); l++) {
      double[] ts = data.times(l);
      double h = logged.h[l];
      if (logged.trajectory[l] < 0
          || next[l] < 1
          || LaneTimes.isPassed(ts[next[l]], logged.t[l], h)
          || isAtEnd != (ts[next[l]] - logged.tNext[l]) * h >= 0) {
        continue;
      }
      if (!isAny) {
        isAny = true;
        Arrays.fill(numbers, 0);
        dense.clear();
      }
      take(l, gradients, log.slopes(l));
      dense.set(l, weights.at((ts[next[l]] - logged.t[l]) / h), h);
      next[l]--;
    }
    if (isAny) {
      LaneArray.upload(numbers, cotangent);
    }
    return isAny;
  }

  /**
   * The cotangent at a lane's time, and dL/dt of it: g·p′ with the slope p′ of the dense output.
   */
  private void take(int l, Gradients gradients, double[] slopes) {
    double[] g = gradients.cotangents(l);
    double moved = 0;
    for (int d = 0; d < dim; d++) {
      int at = next[l] * dim + d;
      numbers[d * count + l] = g[at];
      moved += g[at] * slopes[at];
    }
    gradients.gradT(l)[next[l]] += moved;
    gradT0[l] -= moved;
  }
}
