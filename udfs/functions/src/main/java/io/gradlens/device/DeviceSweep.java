package io.gradlens.device;

import io.gradlens.ode.ButcherTableau;
import io.gradlens.ode.ThetaGradient;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.adjoint.Gradients;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Plays a solve's steps backwards on the device: the recurrence of {@link
 * io.gradlens.ode.adjoint.DiscreteAdjoint}. A lane that did not accept a step has h = 0 in it, so
 * that what comes from it is 0.
 */
final class DeviceSweep {
  private final ThetaGradient kind;
  private final int dim;
  private final int count;
  private final int end;
  private final int all;
  private final double[][] columns;
  private final MlpPass[] passes;
  private final DeviceStep step;
  private final DeviceObservations observations;
  private final ThetaSum theta;

  /** Cotangents of the states at the stages. */
  private final INDArray[] u;

  private final INDArray[] observed;
  private final INDArray kappa;
  private final INDArray scratch;
  private final INDArray mask;

  /** Cotangents of the states between steps, of f there, and of the time. */
  private final INDArray lambda;

  private final INDArray pending;
  private final INDArray gradT;
  private final INDArray before;

  DeviceSweep(ButcherTableau tableau, DeviceMlp net, ThetaGradient kind, int count) {
    this.kind = kind;
    this.count = count;
    dim = net.shape.dim();
    end = tableau.end();
    all = tableau.allStages();
    double[][] rows = tableau.stageRows();
    columns = new double[all][all];
    for (int i = 0; i < all; i++) {
      for (int j = 0; j < i; j++) {
        columns[j][i] = rows[i][j];
      }
    }
    passes = new MlpPass[all];
    for (int i = 0; i < all; i++) {
      passes[i] = MlpPass.recorded(net, count);
    }
    step = new DeviceStep(tableau, net, count, passes);
    observations = new DeviceObservations(step, net.type, dim, count);
    theta = new ThetaSum(net, kind, count);
    u = LaneArray.several(all, net.type, dim, count);
    observed = LaneArray.several(all, net.type, dim, count);
    kappa = LaneArray.of(net.type, dim, count);
    scratch = LaneArray.of(net.type, dim, count);
    mask = LaneArray.of(net.type, 1, count);
    lambda = LaneArray.of(net.type, dim, count);
    pending = LaneArray.of(net.type, dim, count);
    before = LaneArray.of(net.type, dim, count);
    gradT = LaneArray.of(net.type, 1, count);
  }

  int count() {
    return count;
  }

  /** Goes back through a log, and completes gradients. */
  void run(DeviceLog log, Trajectories data, Gradients gradients) {
    if (log.count() > 0) {
      lambda.assign(0);
      pending.assign(0);
      gradT.assign(0);
      theta.clear();
      observations.begin(data);
      for (int s = log.count() - 1; s >= 0; s--) {
        bringBack(s, log, gradients);
        back(log.step(s), log, data, gradients);
        log.forget(log.step(s));
      }
      start(log.start(), gradients);
      gradients.held(log.peakBytes());
    }
    for (int i = 0; i < data.count(); i++) {
      double[] g = gradients.cotangents(i);
      for (int d = 0; d < dim; d++) {
        gradients.gradY0(i)[d] += g[d];
      }
    }
  }

  /** Loads a step's state; where it was not kept, from an earlier step's. */
  private void bringBack(int s, DeviceLog log, Gradients gradients) {
    int from = s;
    while (log.step(from).y == null) {
      from--;
    }
    load(log.step(from), gradients);
    int stride = (s - from + log.room() - 1) / log.room();
    for (int i = from; i < s; i++) {
      DeviceLog.Step logged = log.step(i);
      step.times(logged.t, logged.tNext, logged.h);
      step.attempt();
      step.finish();
      step.advance();
      if (i + 1 < s && (s - i - 1) % stride == 0) {
        log.keep(log.step(i + 1), step.y, step.k[0]);
      }
    }
  }

  private void load(DeviceLog.Step logged, Gradients gradients) {
    step.y.assign(logged.y);
    step.k[0].assign(logged.slopes);
    clearFailed(step.y, gradients);
    clearFailed(step.k[0], gradients);
  }

  /** Where a solve failed f may not be a number, and 0 times that is none either. */
  private static void clearFailed(INDArray array, Gradients gradients) {
    for (int l = 0; l < gradients.solution().count(); l++) {
      if (!gradients.solution().status(l).isSuccess()) {
        array.getColumn(l).assign(0);
      }
    }
  }

  private void back(DeviceLog.Step logged, DeviceLog log, Trajectories data, Gradients gradients) {
    step.times(logged.t, logged.tNext, logged.h);
    boolean isAll = isAllMoved(logged);
    before.assign(0);
    u[end].assign(lambda);
    if (!isAll) {
      uploadMask(logged);
      lambda.subi(u[end].muliRowVector(mask));
    } else {
      lambda.assign(0);
    }
    observations.observe(logged, log, data, gradients, before, u[end], observed);
    boolean isDense = observations.isDense();
    step.attempt();
    step.finish();
    if (isDense) {
      step.denseStages();
    }
    int last = isDense ? all - 1 : end;
    for (int q = last + 1; q < all; q++) {
      u[q].assign(0);
    }
    for (int q = last; q >= 1; q--) {
      cotangentOfSlope(q, isDense);
      if (q == end) {
        scratch.assign(pending);
        if (!isAll) {
          scratch.muliRowVector(mask);
        }
        pending.subi(scratch);
        kappa.addi(scratch);
      } else {
        u[q].assign(0);
      }
      passes[q].vjp(kappa, u[q], gradT, theta);
    }
    cotangentOfSlope(0, isDense);
    pending.addi(kappa);
    for (int q = 1; q <= last; q++) {
      before.addi(u[q]);
    }
    lambda.addi(before);
    for (int l = 0; l < count; l++) {
      if (logged.trajectory[l] >= 0) {
        gradients.evaluated(l, last);
      }
    }
  }

  /** κ_q = h Σ_{i>q} a_iq u_i, and what is observed. */
  private void cotangentOfSlope(int q, boolean isDense) {
    LaneArray.combine(columns[q], u, kappa);
    kappa.muliRowVector(step.h);
    if (isDense) {
      kappa.addi(observed[q]);
    }
  }

  private boolean isAllMoved(DeviceLog.Step logged) {
    for (int trajectory : logged.trajectory) {
      if (trajectory < 0) {
        return false;
      }
    }
    return true;
  }

  /** 1 where a lane accepted the step, 0 where it stood still. */
  private void uploadMask(DeviceLog.Step logged) {
    double[] moved = new double[count];
    for (int l = 0; l < count; l++) {
      moved[l] = logged.trajectory[l] < 0 ? 0 : 1;
    }
    LaneArray.upload(moved, mask);
  }

  /** f(t₀, y₀) has its product where all trajectories start. */
  private void start(DeviceLog.Step start, Gradients gradients) {
    double[] none = new double[count];
    step.times(start.t, start.t, none);
    step.y.assign(start.y);
    clearFailed(step.y, gradients);
    step.first();
    passes[0].vjp(pending, lambda, gradT, theta);
    double[] gradY0 = lambda.data().asDouble();
    double[] ofTimes = gradT.data().asDouble();
    for (int l = 0; l < gradients.solution().count(); l++) {
      if (gradients.solution().status(l).isSuccess()) {
        gradients.evaluated(l, 1);
        gradients.gradT(l)[0] += ofTimes[l] + observations.gradT0()[l];
        for (int d = 0; d < dim; d++) {
          gradients.gradY0(l)[d] += gradY0[d * count + l];
        }
        if (kind == ThetaGradient.PER_TRAJECTORY) {
          theta.addLaneTo(l, gradients.gradTheta(l));
        }
      }
    }
    if (kind == ThetaGradient.SUM) {
      theta.addTo(gradients.gradTheta());
    }
  }
}
