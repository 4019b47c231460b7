package io.gradlens.ode.adjoint;

import io.gradlens.kernel.Real;
import io.gradlens.ode.DifferentiableField;
import io.gradlens.ode.Tape;
import io.gradlens.ode.ThetaGradient;
import java.util.Arrays;

/**
 * Completes the gradients of trajectories that a reverse sweep has brought back to their start,
 * where the first slope f(t₀, y₀) still waits for its vector–Jacobian product. They are collected,
 * so that the product is taken for a whole block.
 */
@Real
final class TrajectoryStarts {
  private final DifferentiableField field;
  private final ThetaGradient thetaGradient;
  private final int lanes;
  private final Gradients gradients;
  private final Tape tape;
  private final double[] t;
  private final @Real double[] y;
  private final @Real double[] slopes;
  private final @Real double[] lambda;
  private final @Real double[] pending;
  private final double[] gradT;
  private final double[] gradTheta;
  private final int[] trajectory;
  private int size;

  TrajectoryStarts(
      DifferentiableField field, ThetaGradient thetaGradient, int lanes, Gradients gradients) {
    this.field = field;
    this.thetaGradient = thetaGradient;
    this.lanes = lanes;
    this.gradients = gradients;
    int n = field.dim() * lanes;
    tape = field.tape(lanes, 1, thetaGradient);
    t = new double[lanes];
    y = new @Real double[n];
    slopes = new @Real double[n];
    lambda = new @Real double[n];
    pending = new @Real double[n];
    gradT = new double[lanes];
    trajectory = new int[lanes];
    gradTheta =
        switch (thetaGradient) {
          case NONE -> null;
          case SUM -> gradients.gradTheta();
          case PER_TRAJECTORY -> new double[field.params() * lanes];
        };
  }

  /**
   * Takes a trajectory over from a lane.
   *
   * @param laneTheta what its steps have given for θ, lane by lane; this lane is cleared
   */
  void add(
      StepLog.Start start,
      @Real double[] laneLambda,
      @Real double[] lanePending,
      double[] laneT,
      double[] laneTheta) {
    int i = start.trajectory;
    if (!gradients.solution().status(i).isSuccess()) {
      // Where f is not a number, a cotangent of zero gives one that is not either.
      clearTheta(start.lane, laneTheta);
      return;
    }
    trajectory[size] = i;
    t[size] = start.t;
    gradT[size] = laneT[start.lane];
    for (int d = 0; d < field.dim(); d++) {
      y[d * lanes + size] = start.y[d];
      lambda[d * lanes + size] = laneLambda[d * lanes + start.lane];
      pending[d * lanes + size] = lanePending[d * lanes + start.lane];
    }
    if (thetaGradient == ThetaGradient.PER_TRAJECTORY) {
      double[] out = gradients.gradTheta(i);
      for (int p = 0; p < out.length; p++) {
        out[p] += laneTheta[p * lanes + start.lane];
      }
      clearTheta(start.lane, laneTheta);
    }
    if (++size == lanes) {
      finish();
    }
  }

  private void clearTheta(int lane, double[] laneTheta) {
    if (thetaGradient == ThetaGradient.PER_TRAJECTORY) {
      for (int at = lane; at < laneTheta.length; at += lanes) {
        laneTheta[at] = 0;
      }
    }
  }

  /** Completes those that are collected. */
  void finish() {
    if (size == 0) {
      return;
    }
    for (int l = size; l < lanes; l++) {
      t[l] = t[0];
      for (int at = 0; at < y.length; at += lanes) {
        y[at + l] = y[at];
        pending[at + l] = 0;
      }
    }
    tape.apply(0, t, y, slopes);
    tape.vjp(0, pending, lambda, gradT);
    if (gradTheta != null) {
      if (thetaGradient == ThetaGradient.PER_TRAJECTORY) {
        Arrays.fill(gradTheta, 0);
      }
      tape.addThetaGradient(gradTheta);
    }
    for (int l = 0; l < size; l++) {
      int i = trajectory[l];
      gradients.evaluated(i, 1);
      gradients.gradT(i)[0] += gradT[l];
      for (int d = 0; d < field.dim(); d++) {
        gradients.gradY0(i)[d] += lambda[d * lanes + l];
      }
      if (thetaGradient == ThetaGradient.PER_TRAJECTORY) {
        double[] out = gradients.gradTheta(i);
        for (int p = 0; p < out.length; p++) {
          out[p] += gradTheta[p * lanes + l];
        }
      }
    }
    size = 0;
  }
}
