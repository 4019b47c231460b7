package io.gradlens.ode;

import io.gradlens.kernel.Real;
import io.gradlens.kernel.StageSums;
import java.util.Arrays;

/** The stages of a Runge–Kutta method for all lanes. */
@Real
class RungeKutta {
  final ButcherTableau tableau;
  final VectorField field;
  final int dim;

  /** f at the stages. */
  final @Real double[][] k;

  /** The states after the step. */
  @Real double[] y1;

  /** The error estimates. */
  final @Real double[][] errors;

  final double[] stageTimes;
  final @Real double[] stageState;

  private final StepObserver observer;
  private final ImplicitStages implicit;

  /** Evaluations of f that the step tried last took, lane by lane. */
  final int[] evaluations;

  private final int n;
  private final StageSums stageSums;
  private final StageSums errorSums;
  private final @Real double[] zeros;

  RungeKutta(ButcherTableau tableau, VectorField field, int lanes, StepObserver observer) {
    this.tableau = tableau;
    this.field = field;
    this.observer = observer;
    dim = field.dim();
    n = dim * lanes;
    int all = tableau.allStages();
    k = new @Real double[all][n];
    y1 = new @Real double[n];
    stageState = new @Real double[n];
    stageTimes = new double[lanes];
    evaluations = new int[lanes];
    Arrays.fill(evaluations, tableau.stages() - 1);
    implicit = tableau.gamma() == 0 ? null : new ImplicitStages(field, tableau.gamma(), lanes);
    stageSums = new StageSums(tableau.stageRows());
    errorSums = new StageSums(tableau.errorRows());
    errors = new @Real double[tableau.estimates()][n];
    zeros = new @Real double[errors.length == 0 ? 0 : n];
  }

  /** Tries a step: its stages, the states after it and the error estimates. */
  void attempt(Lanes lanes) {
    int end = tableau.end();
    if (implicit != null) {
      Arrays.fill(evaluations, 0);
      implicit.linearise(lanes.t, lanes.y, lanes.h);
    }
    for (int i = 1; i < tableau.stages(); i++) {
      if (i == end) {
        sum(i, lanes, y1, n);
        slope(i, lanes.tNext, y1, lanes);
      } else {
        stage(i, lanes);
      }
    }
    if (end == tableau.stages()) {
      sum(end, lanes, y1, n);
    }
    for (int e = 0; e < errors.length; e++) {
      errorSums.add(e, errors[e], zeros, lanes.steps, k, n);
    }
  }

  /** f after the step, where the method has not needed it yet. */
  void finish(Lanes lanes) {
    if (tableau.end() == tableau.stages()) {
      evaluate(tableau.end(), lanes.tNext, y1);
    }
  }

  /** The stages that only the dense output needs. */
  void denseStages(Lanes lanes) {
    for (int i = tableau.end() + 1; i < tableau.allStages(); i++) {
      stage(i, lanes);
    }
  }

  private void stage(int i, Lanes lanes) {
    // Pure integrals do not enter f, but Newton's iteration takes them along.
    int count = implicit == null ? n - field.quadratures() * lanes.count : n;
    sum(i, lanes, stageState, count);
    times(tableau.c(i), lanes);
    slope(i, stageTimes, stageState, lanes);
  }

  private void slope(int i, double[] t, @Real double[] y, Lanes lanes) {
    if (implicit == null) {
      evaluate(i, t, y);
    } else {
      implicit.solve(t, y, lanes.h, k[i], evaluations);
    }
  }

  /** Evaluations of f that {@link #finish} takes. */
  final int endEvaluations() {
    return tableau.end() == tableau.stages() ? 1 : 0;
  }

  /** A lane begins: with a trajectory, or anew after f has jumped. */
  void begin(int lane) {}

  final void times(double c, Lanes lanes) {
    for (int l = 0; l < stageTimes.length; l++) {
      stageTimes[l] = c == 1 ? lanes.tNext[l] : lanes.t[l] + c * lanes.h[l];
    }
  }

  /** y + h Σ_j a_ij k_j over earlier stages j. */
  final void sum(int i, Lanes lanes, @Real double[] out, int count) {
    stageSums.add(i, out, lanes.y, lanes.steps, k, count);
  }

  final void evaluate(int i, double[] t, @Real double[] y) {
    Tape tape = observer == null ? null : observer.tape();
    if (tape == null) {
      field.apply(t, y, k[i]);
    } else {
      tape.apply(observer.slot() + i, t, y, k[i]);
    }
  }

  /** Makes the ends of all steps the beginnings of the next ones. */
  void advance(Lanes lanes) {
    @Real double[] states = lanes.y;
    lanes.y = y1;
    y1 = states;
    int end = tableau.end();
    @Real double[] slopes = k[0];
    k[0] = k[end];
    k[end] = slopes;
  }

  /** Takes that back in a lane. */
  void goBack(Lanes lanes, int lane) {
    @Real double[] slopes = k[tableau.end()];
    for (int at = lane; at < n; at += lanes.count) {
      lanes.y[at] = y1[at];
      k[0][at] = slopes[at];
    }
  }
}
