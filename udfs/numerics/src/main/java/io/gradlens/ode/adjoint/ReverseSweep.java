package io.gradlens.ode.adjoint;

import io.gradlens.kernel.Real;
import io.gradlens.kernel.StageSums;
import io.gradlens.ode.ButcherTableau;
import io.gradlens.ode.DifferentiableField;
import io.gradlens.ode.Event;
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
  private final StageSums backward;
  private final int all;
  private final int end;
  private int n;
  private int lanes;
  private Tape tape;
  private TrajectoryStarts starts;
  private LaneJumps jumps;
  private StepStages stages;
  private StepObservations observations;

  /** Cotangents of the states at the stages. */
  private @Real double[][] u;

  private @Real double[] before;
  private @Real double[] kappa;

  /** Cotangents of the states between steps, and of f there. */
  private @Real double[] lambda;

  private @Real double[] pending;
  private double[] gradT;
  private double[] gradTheta;

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
    backward = new StageSums(columns);
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
          stages.bringBack(s);
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
    if (stages == null || !stages.fits(field.dim(), log.lanes())) {
      lanes = log.lanes();
      n = field.dim() * lanes;
      stages = new StepStages(tableau, field, log);
      observations = new StepObservations(tableau, log, field.dim());
      u = new @Real double[all][n];
      before = new @Real double[n];
      kappa = new @Real double[n];
      lambda = new @Real double[n];
      pending = new @Real double[n];
      gradT = new double[lanes];
      tape = field.tape(lanes, all, thetaGradient);
    }
    Arrays.fill(lambda, 0);
    Arrays.fill(pending, 0);
    Arrays.fill(gradT, 0);
    observations.begin();
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
      for (int i = start.lane; i < n; i += lanes) {
        lambda[i] = 0;
        pending[i] = 0;
      }
      gradT[start.lane] = 0;
      observations.clear(start.lane);
    }
  }

  /** One step back. */
  private void back(StepLog.Step step, Trajectories data, Gradients gradients) {
    stages.load(step);
    Arrays.fill(before, 0);
    Arrays.fill(u[end], 0);
    addMoved(u[end], lambda);
    observations.observe(step, data, gradients, before, u[end], gradT);
    Tape recorded = step.isTaped ? step.tape : tape;
    if (!step.isTaped) {
      stages.evaluate(step, tape, observations.isDense());
    }
    int last = observations.isDense() ? all - 1 : end;
    for (int q = last + 1; q < all; q++) {
      Arrays.fill(u[q], 0);
    }
    for (int q = last; q >= 1; q--) {
      backward.add(q, kappa, observations.stage(q), stages.steps, u, n);
      if (q == end) {
        addMoved(kappa, pending);
      } else {
        Arrays.fill(u[q], 0);
      }
      stages.solveTransposed(q, u[q], kappa);
      recorded.vjp(q, kappa, u[q], gradT);
    }
    backward.add(0, kappa, observations.stage(0), stages.steps, u, n);
    finish(step, last, gradients);
    if (gradTheta != null) {
      recorded.addThetaGradient(gradTheta);
    }
  }

  /** Adds x, but 0 in lanes that stand still. */
  private void addMoved(@Real double[] out, @Real double[] x) {
    add(out, x);
    for (int i = 0; i < stages.stillCount(); i++) {
      for (int at = stages.still(i); at < n; at += lanes) {
        out[at] = 0;
      }
    }
  }

  private static void add(@Real double[] sum, @Real double[] x) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += x[i];
    }
  }

  /** λ becomes the sum of what came to the step's beginning; lanes that stand still keep theirs. */
  private void finish(StepLog.Step step, int last, Gradients gradients) {
    for (int q = 1; q <= last; q++) {
      add(before, u[q]);
    }
    for (int i = 0; i < stages.stillCount(); i++) {
      for (int at = stages.still(i); at < n; at += lanes) {
        before[at] = lambda[at];
        kappa[at] = pending[at];
      }
    }
    @Real double[] free = lambda;
    lambda = before;
    before = free;
    free = pending;
    pending = kappa;
    kappa = free;
    for (int l = 0; l < lanes; l++) {
      if (step.trajectory[l] >= 0) {
        gradients.evaluated(step.trajectory[l], last);
      }
    }
  }
}
