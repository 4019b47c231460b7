package io.gradlens.ode.adjoint;

import io.gradlens.kernel.Real;
import io.gradlens.kernel.StageSums;
import io.gradlens.ode.ButcherTableau;
import io.gradlens.ode.DifferentiableField;
import io.gradlens.ode.ImplicitStages;
import io.gradlens.ode.Tape;

/** A step of the log taken again: its beginning, and f at its stages. */
@Real
final class StepStages {

  /** f at the stages, {@code [stage][d][n]}. */
  final @Real double[][] k;

  /** The sizes of lanes' steps spread out over a state; 0 where a lane stands still. */
  final @Real double[] steps;

  private final ButcherTableau tableau;
  private final DifferentiableField field;
  private final StepLog log;
  private final StageSums sums;
  private final int lanes;
  private final int n;
  private final @Real double[] y;
  private final @Real double[] stage;
  private final @Real double[] unused;
  private final double[] t;
  private final double[] h;
  private final double[] times;
  private final int[] still;
  private int stillCount;
  private final ImplicitStages implicit;
  private final int[] evaluations;
  private final @Real double[][] implicitStates;
  private final double[][] implicitTimes;

  StepStages(ButcherTableau tableau, DifferentiableField field, StepLog log) {
    this.tableau = tableau;
    this.field = field;
    this.log = log;
    sums = new StageSums(tableau.stageRows());
    lanes = log.lanes();
    n = field.dim() * lanes;
    k = new @Real double[tableau.allStages()][n];
    steps = new @Real double[n];
    y = new @Real double[n];
    stage = new @Real double[n];
    t = new double[lanes];
    h = new double[lanes];
    times = new double[lanes];
    still = new int[lanes];
    boolean isImplicit = tableau.gamma() != 0;
    implicit = isImplicit ? new ImplicitStages(field, tableau.gamma(), lanes) : null;
    evaluations = new int[isImplicit ? lanes : 0];
    unused = new @Real double[isImplicit ? n : 0];
    implicitStates = new @Real double[isImplicit ? tableau.allStages() : 0][n];
    implicitTimes = new double[implicitStates.length][lanes];
  }

  /** Whether it was made for so many numbers a state. */
  boolean fits(int dim, int width) {
    return lanes == width && n == dim * width;
  }

  /** Lanes that stood still. */
  int stillCount() {
    return stillCount;
  }

  /** One of them. */
  int still(int i) {
    return still[i];
  }

  /** Takes steps again, from the last one whose state was kept to this one. */
  void bringBack(int s) {
    if (log.step(s).y != null || log.step(s).isTaped) {
      return;
    }
    int from = s;
    while (log.step(from).y == null) {
      from--;
    }
    for (int i = from; i < s; i++) {
      takeAgain(log.step(i));
      for (StepLog.Start start : log.starts()) {
        if (start.step == i + 1 && start.y != null) {
          for (int d = 0; d < field.dim(); d++) {
            y[d * lanes + start.lane] = start.y[d];
            k[0][d * lanes + start.lane] = start.slopes[d];
          }
        }
      }
      log.recall(i + 1, y, k[0]);
    }
  }

  /** Goes from the beginning of a step, which is in the log, to that of the next. */
  private void takeAgain(StepLog.Step step) {
    load(step);
    evaluate(step, null, false);
    int end = tableau.end();
    if (end == tableau.stages()) {
      sums.add(end, stage, y, steps, k, n);
      field.apply(step.tNext, stage, k[end]);
    }
    System.arraycopy(stage, 0, y, 0, n);
    System.arraycopy(k[end], 0, k[0], 0, n);
    for (int i = 0; i < stillCount; i++) {
      for (int at = still[i]; at < n; at += lanes) {
        y[at] = step.y[at];
        k[0][at] = step.slopes[at];
      }
    }
  }

  /** Copies a step's beginning, and gives lanes that stood still the state of one that did not. */
  void load(StepLog.Step step) {
    if (step.y != null) {
      System.arraycopy(step.y, 0, y, 0, n);
      System.arraycopy(step.slopes, 0, k[0], 0, n);
    }
    int moved = 0;
    while (step.trajectory[moved] < 0) {
      moved++;
    }
    stillCount = 0;
    for (int l = 0; l < lanes; l++) {
      boolean isStill = step.trajectory[l] < 0;
      t[l] = step.t[isStill ? moved : l];
      h[l] = isStill ? 0 : step.h[l];
      steps[l] = (@Real double) h[l];
      if (isStill) {
        still[stillCount++] = l;
        for (int at = 0; at < n; at += lanes) {
          y[at + l] = y[at + moved];
          k[0][at + l] = k[0][at + moved];
        }
      }
    }
    for (int at = lanes; at < n; at += lanes) {
      System.arraycopy(steps, 0, steps, at, lanes);
    }
  }

  /**
   * Evaluates f at the stages of the step that was loaded.
   *
   * @param onto a tape that records it, or null
   * @param isDense whether stages are wanted that only the dense output needs
   */
  void evaluate(StepLog.Step step, Tape onto, boolean isDense) {
    int last = isDense ? tableau.allStages() : tableau.stages();
    if (onto != null) {
      last = Math.max(last, tableau.end() + 1);
    }
    if (implicit != null) {
      implicit.linearise(t, y, h);
    }
    for (int i = 1; i < last; i++) {
      sums.add(i, stage, y, steps, k, n);
      stageTimes(step, tableau.c(i));
      if (implicit != null) {
        implicit.solve(times, stage, h, k[i], evaluations);
        System.arraycopy(stage, 0, implicitStates[i], 0, n);
        System.arraycopy(times, 0, implicitTimes[i], 0, lanes);
        if (onto != null) {
          onto.apply(i, times, stage, unused);
        }
      } else if (onto == null) {
        field.apply(times, stage, k[i]);
      } else {
        onto.apply(i, times, stage, k[i]);
      }
    }
  }

  private void stageTimes(StepLog.Step step, double c) {
    if (c == 1) {
      System.arraycopy(step.tNext, 0, times, 0, lanes);
    } else {
      for (int l = 0; l < lanes; l++) {
        times[l] = step.t[l] + c * step.h[l];
      }
    }
    for (int i = 0; i < stillCount; i++) {
      times[still[i]] = t[still[i]];
    }
  }

  /**
   * The way back through Newton's iteration at a stage. k = f(b + hγk): what comes to the stage's
   * state, u, comes to k hγ times, and (I − hγJ)ᵀ μ = κ.
   *
   * @param kappa overwritten by μ
   */
  void solveTransposed(int q, @Real double[] u, @Real double[] kappa) {
    if (implicit != null) {
      for (int i = 0; i < n; i++) {
        kappa[i] += (@Real double) (steps[i] * tableau.gamma() * u[i]);
      }
      implicit.linearise(implicitTimes[q], implicitStates[q], h);
      implicit.solveTransposed(h, kappa);
    }
  }
}
