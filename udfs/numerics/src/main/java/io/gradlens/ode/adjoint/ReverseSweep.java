package io.gradlens.ode.adjoint;

import io.gradlens.kernel.Real;
import io.gradlens.kernel.StageSums;
import io.gradlens.ode.ButcherTableau;
import io.gradlens.ode.DifferentiableField;
import io.gradlens.ode.Event;
import io.gradlens.ode.ImplicitStages;
import io.gradlens.ode.Lanes;
import io.gradlens.ode.SolveStatus;
import io.gradlens.ode.Tape;
import io.gradlens.ode.ThetaGradient;
import io.gradlens.ode.Trajectories;
import java.util.Arrays;
import java.util.List;

/**
 * Plays a solve's steps backwards, all lanes together: a lane that did not accept a step stands
 * still, and where a lane took up a trajectory that one's gradients are complete.
 */
@Real
final class ReverseSweep {
  private final ButcherTableau tableau;
  private final DifferentiableField field;
  private final ThetaGradient thetaGradient;
  private final StepLog log;
  private final List<Event> events;
  private final StageSums forward;
  private final StageSums backward;
  private final double[] weights;
  private final int all;
  private final int end;
  private int n;
  private int dim;
  private int lanes;
  private Tape tape;
  private TrajectoryStarts starts;
  private LaneJumps jumps;
  private @Real double[][] k;
  private @Real double[][] u;
  private @Real double[][] observed;
  private ImplicitStages implicit;
  private @Real double[][] stageStates;
  private double[][] allTimes;
  private double[] h;
  private int[] evaluations;
  private @Real double[] y;
  private @Real double[] stage;
  private @Real double[] before;
  private @Real double[] steps;
  private @Real double[] zeros;
  private @Real double[] kappa;
  private @Real double[] lambda;
  private @Real double[] pending;
  private double[] t;
  private double[] stageTimes;
  private double[] gradT;
  private double[] gradTheta;
  private int[] next;
  private boolean hasObserved;

  ReverseSweep(
      ButcherTableau tableau,
      DifferentiableField field,
      ThetaGradient thetaGradient,
      StepLog log,
      List<Event> events) {
    this.events = events;
    this.tableau = tableau;
    this.field = field;
    this.thetaGradient = thetaGradient;
    this.log = log;
    all = tableau.allStages();
    end = tableau.end();
    double[][] rows = tableau.stageRows();
    double[][] columns = new double[all][all];
    for (int i = 0; i < all; i++) {
      for (int j = 0; j < i; j++) {
        columns[j][i] = rows[i][j];
      }
    }
    forward = new StageSums(rows);
    backward = new StageSums(columns);
    weights = new double[tableau.denseStages()];
  }

  void run(Trajectories data, Gradients gradients) {
    if (log.count() > 0) {
      begin(gradients);
      int start = log.starts().size() - 1;
      for (int s = log.count() - 1; s >= -1; s--) {
        for (; start >= 0 && log.starts().get(start).step > s; start--) {
          back(log.starts().get(start), gradients);
        }
        if (s >= 0) {
          bringBack(s);
          back(log.step(s), data, gradients);
          log.forget(s);
        }
      }
      starts.finish();
      gradients.held(log.peakBytes());
    }
    for (int i = 0; i < data.count(); i++) {
      double[] g = gradients.cotangents(i);
      for (int d = 0; d < data.dim(); d++) {
        gradients.gradY0(i)[d] += g[d];
      }
    }
  }

  private void begin(Gradients gradients) {
    if (lanes != log.lanes() || dim != field.dim()) {
      lanes = log.lanes();
      dim = field.dim();
      n = dim * lanes;
      k = new @Real double[all][n];
      u = new @Real double[all][n];
      observed = new @Real double[all][n];
      y = new @Real double[n];
      stage = new @Real double[n];
      before = new @Real double[n];
      steps = new @Real double[n];
      zeros = new @Real double[n];
      kappa = new @Real double[n];
      lambda = new @Real double[n];
      pending = new @Real double[n];
      t = new double[lanes];
      stageTimes = new double[lanes];
      gradT = new double[lanes];
      next = new int[lanes];
      tape = field.tape(lanes, all, thetaGradient);
      h = new double[lanes];
      if (tableau.gamma() != 0) {
        implicit = new ImplicitStages(field, tableau.gamma(), lanes);
        evaluations = new int[lanes];
        stageStates = new @Real double[all][n];
        allTimes = new double[all][lanes];
      }
    }
    Arrays.fill(lambda, 0);
    Arrays.fill(pending, 0);
    Arrays.fill(gradT, 0);
    Arrays.fill(next, -1);
    gradTheta =
        switch (thetaGradient) {
          case NONE -> null;
          case SUM -> gradients.gradTheta();
          case PER_TRAJECTORY -> new double[field.params() * lanes];
        };
    starts = new TrajectoryStarts(field, thetaGradient, lanes, gradients);
    jumps = null;
  }

  private void back(StepLog.Start start, Gradients gradients) {
    if (start.slopesBefore != null) {
      if (jumps == null) {
        jumps = new LaneJumps(events, field, thetaGradient, lanes, gradients);
      }
      jumps.back(start, lambda, pending, gradT, gradTheta);
    } else {
      starts.add(start, lambda, pending, gradT, gradTheta);
      clear(start.lane);
    }
  }

  private void clear(int lane) {
    for (int i = lane; i < n; i += lanes) {
      lambda[i] = 0;
      pending[i] = 0;
    }
    gradT[lane] = 0;
    next[lane] = -1;
  }

  /** Takes steps again, from the last one whose state was kept to this one. */
  private void bringBack(int s) {
    if (log.step(s).y != null || log.step(s).isTaped) {
      return;
    }
    int from = s;
    while (log.step(from).y == null) {
      from--;
    }
    for (int i = from; i < s; i++) {
      StepLog.Step step = log.step(i);
      load(step);
      evaluateStages(step, null);
      if (end == tableau.stages()) {
        forward.add(end, stage, y, steps, k, n);
        field.apply(step.tNext, stage, k[end]);
      }
      System.arraycopy(step.y, 0, y, 0, n);
      System.arraycopy(step.slopes, 0, k[0], 0, n);
      for (int l = 0; l < lanes; l++) {
        if (step.trajectory[l] >= 0) {
          for (int at = l; at < n; at += lanes) {
            y[at] = stage[at];
            k[0][at] = k[end][at];
          }
        }
      }
      for (StepLog.Start start : log.starts()) {
        if (start.step == i + 1 && start.y != null) {
          for (int d = 0; d < dim; d++) {
            y[d * lanes + start.lane] = start.y[d];
            k[0][d * lanes + start.lane] = start.slopes[d];
          }
        }
      }
      log.recall(i + 1, y, k[0]);
    }
  }

  /** Copies a step's beginning, and gives lanes that stood still the state of one that did not. */
  private void load(StepLog.Step step) {
    int moved = 0;
    while (step.trajectory[moved] < 0) {
      moved++;
    }
    if (step.y != null) {
      System.arraycopy(step.y, 0, y, 0, n);
      System.arraycopy(step.slopes, 0, k[0], 0, n);
    }
    for (int l = 0; l < lanes; l++) {
      boolean isStill = step.trajectory[l] < 0;
      int from = isStill ? moved : l;
      t[l] = step.t[from];
      h[l] = isStill ? 0 : step.h[l];
      for (int at = 0; at < n; at += lanes) {
        y[at + l] = y[at + from];
        k[0][at + l] = k[0][at + from];
        steps[at + l] = isStill ? 0 : (@Real double) step.h[l];
      }
    }
  }

  /** Evaluates f at the stages of a step, onto a tape or not. */
  private void evaluateStages(StepLog.Step step, Tape onto) {
    int last = hasObserved && onto != null ? all : tableau.stages();
    if (onto != null) {
      last = Math.max(last, end + 1);
    }
    if (implicit != null) {
      implicit.linearise(t, y, h);
    }
    for (int i = 1; i < last; i++) {
      forward.add(i, stage, y, steps, k, n);
      for (int l = 0; l < lanes; l++) {
        boolean isStill = step.trajectory[l] < 0;
        stageTimes[l] =
            isStill
                ? t[l]
                : tableau.c(i) == 1 ? step.tNext[l] : step.t[l] + tableau.c(i) * step.h[l];
      }
      if (implicit != null) {
        implicit.solve(stageTimes, stage, h, k[i], evaluations);
        System.arraycopy(stage, 0, stageStates[i], 0, n);
        System.arraycopy(stageTimes, 0, allTimes[i], 0, lanes);
        if (onto != null) {
          onto.apply(i, stageTimes, stage, kappa);
        }
      } else if (onto == null) {
        field.apply(stageTimes, stage, k[i]);
      } else {
        onto.apply(i, stageTimes, stage, k[i]);
      }
    }
  }

  /** One step back. */
  private void back(StepLog.Step step, Trajectories data, Gradients gradients) {
    load(step);
    observe(step, data, gradients);
    Tape recorded = step.isTaped ? step.tape : tape;
    if (!step.isTaped) {
      evaluateStages(step, tape);
    }
    int last = hasObserved ? all - 1 : end;
    for (int q = last + 1; q < all; q++) {
      Arrays.fill(u[q], 0);
    }
    for (int q = last; q >= 1; q--) {
      backward.add(q, kappa, hasObserved ? observed[q] : zeros, steps, u, n);
      if (q == end) {
        addMoved(kappa, pending, step);
      } else {
        Arrays.fill(u[q], 0);
      }
      if (implicit != null) {
        // k = f(b + hγk): what comes to Y comes to k hγ times, and (I − hγJ)ᵀ μ = κ.
        for (int i = 0; i < n; i++) {
          kappa[i] += (@Real double) (steps[i] * tableau.gamma() * u[q][i]);
        }
        implicit.linearise(allTimes[q], stageStates[q], h);
        implicit.solveTransposed(h, kappa);
      }
      recorded.vjp(q, kappa, u[q], gradT);
    }
    backward.add(0, kappa, hasObserved ? observed[0] : zeros, steps, u, n);
    finish(step, last, gradients);
    if (gradTheta != null) {
      recorded.addThetaGradient(gradTheta);
    }
  }

  private void addMoved(@Real double[] out, @Real double[] x, StepLog.Step step) {
    for (int l = 0; l < lanes; l++) {
      if (step.trajectory[l] >= 0) {
        for (int at = l; at < n; at += lanes) {
          out[at] += x[at];
        }
      }
    }
  }

  private void finish(StepLog.Step step, int last, Gradients gradients) {
    for (int l = 0; l < lanes; l++) {
      if (step.trajectory[l] < 0) {
        continue;
      }
      gradients.evaluated(step.trajectory[l], last);
      for (int at = l; at < n; at += lanes) {
        @Real double sum = before[at];
        for (int q = 1; q <= last; q++) {
          sum += u[q][at];
        }
        lambda[at] = sum;
        pending[at] = kappa[at];
      }
    }
  }

  /**
   * Adds cotangents of what is observed within a step: to u at its end (with λ), to {@code before}
   * at its beginning, and to its stages.
   */
  private void observe(StepLog.Step step, Trajectories data, Gradients gradients) {
    hasObserved = false;
    Arrays.fill(u[end], 0);
    Arrays.fill(before, 0);
    addMoved(u[end], lambda, step);
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
        while (isCut && !Lanes.isPassed(ts[next[l]], step.tNext[l], step.h[l])) {
          next[l]--;
        }
      }
      for (; next[l] >= 1 && !Lanes.isPassed(ts[next[l]], step.t[l], step.h[l]); next[l]--) {
        observe(step, l, i, next[l], ts[next[l]], gradients);
      }
    }
  }

  private void observe(StepLog.Step step, int l, int i, int time, double at, Gradients gradients) {
    double[] g = gradients.cotangents(i);
    double[] slopes = log.slopes(i);
    double moved = 0;
    for (int d = 0; d < dim; d++) {
      moved += g[time * dim + d] * slopes[time * dim + d];
    }
    gradients.gradT(i)[time] += moved;
    gradT[l] -= moved;
    if ((at - step.tNext[l]) * step.h[l] >= 0) {
      for (int d = 0; d < dim; d++) {
        u[end][d * lanes + l] += (@Real double) g[time * dim + d];
      }
      return;
    }
    if (!hasObserved) {
      hasObserved = true;
      for (@Real double[] each : observed) {
        Arrays.fill(each, 0);
      }
    }
    tableau.denseWeights((at - step.t[l]) / step.h[l], weights);
    for (int d = 0; d < dim; d++) {
      int to = d * lanes + l;
      double cotangent = g[time * dim + d];
      before[to] += (@Real double) cotangent;
      for (int q = 0; q < weights.length; q++) {
        observed[q][to] += (@Real double) (step.h[l] * weights[q] * cotangent);
      }
    }
  }
}
