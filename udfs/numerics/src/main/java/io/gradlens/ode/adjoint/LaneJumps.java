package io.gradlens.ode.adjoint;

import io.gradlens.kernel.Real;
import io.gradlens.ode.DifferentiableField;
import io.gradlens.ode.Event;
import io.gradlens.ode.Lanes;
import io.gradlens.ode.Tape;
import io.gradlens.ode.ThetaGradient;
import java.util.List;

/** Takes the lanes of a reverse sweep back over events and jumps of f; see {@link EventJump}. */
@Real
final class LaneJumps {
  private final EventJump jump;
  private final Gradients gradients;
  private final ThetaGradient thetaGradient;
  private final int dim;
  private final int params;
  private final int lanes;
  private final int width;
  private final Tape tape;
  private final double[] t;
  private final @Real double[] y;
  private final @Real double[] slopes;
  private final @Real double[] cotangent;
  private final @Real double[] gradY;
  private final double[] moved;

  LaneJumps(
      List<Event> events,
      DifferentiableField field,
      ThetaGradient thetaGradient,
      int lanes,
      Gradients gradients) {
    jump = new EventJump(events, gradients);
    this.gradients = gradients;
    this.thetaGradient = thetaGradient;
    this.lanes = lanes;
    dim = field.dim();
    params = field.params();
    width = Lanes.padded(1);
    tape = field.tape(width, 1, thetaGradient);
    t = new double[width];
    y = new @Real double[dim * width];
    slopes = new @Real double[dim * width];
    cotangent = new @Real double[dim * width];
    gradY = new @Real double[dim * width];
    moved = new double[width];
  }

  /**
   * Takes a lane back over an event or a jump of f.
   *
   * @param lambda a⁺ but for the slope f⁺, then a⁻
   * @param pending the cotangent of f⁺, then 0
   * @param gradT σ⁺ but for f⁺, then σ⁻
   * @param gradTheta as {@link Tape#addThetaGradient} has it; null where not wanted
   */
  void back(
      StepLog.Start start,
      @Real double[] lambda,
      @Real double[] pending,
      double[] gradT,
      double[] gradTheta) {
    int l = start.lane;
    if (start.y != null) {
      slope(start, lambda, pending, gradT, gradTheta);
    }
    double[] after = new double[dim];
    double[] slope = new double[dim];
    for (int d = 0; d < dim; d++) {
      after[d] = lambda[d * lanes + l];
      slope[d] = start.slopesBefore[d];
    }
    if (start.event < 0) {
      gradT[l] = -EventJump.dot(after, slope);
      return;
    }
    double[] before = new double[dim];
    double[] theta = gradTheta == null ? null : new double[params];
    gradT[l] =
        jump.back(
            start.trajectory, start.event, start.y != null, after, slope, gradT[l], before, theta);
    for (int d = 0; d < dim; d++) {
      lambda[d * lanes + l] = (@Real double) before[d];
    }
    add(theta, 1, l, gradTheta);
  }

  /** The cotangent of the slope f⁺ that the trajectory went on with. */
  private void slope(
      StepLog.Start start,
      @Real double[] lambda,
      @Real double[] pending,
      double[] gradT,
      double[] gradTheta) {
    int l = start.lane;
    for (int d = 0; d < dim; d++) {
      for (int i = 0; i < width; i++) {
        t[i] = start.t;
        y[d * width + i] = start.y[d];
        cotangent[d * width + i] = 0;
        gradY[d * width + i] = 0;
        moved[i] = 0;
      }
      cotangent[d * width] = pending[d * lanes + l];
      pending[d * lanes + l] = 0;
    }
    tape.apply(0, t, y, slopes);
    tape.vjp(0, cotangent, gradY, moved);
    gradients.evaluated(start.trajectory, 1);
    for (int d = 0; d < dim; d++) {
      lambda[d * lanes + l] += gradY[d * width];
    }
    gradT[l] += moved[0];
    if (gradTheta != null) {
      int each = thetaGradient == ThetaGradient.SUM ? 1 : width;
      double[] theta = new double[params * each];
      tape.addThetaGradient(theta);
      add(theta, each, l, gradTheta);
    }
  }

  private void add(double[] theta, int each, int l, double[] gradTheta) {
    for (int p = 0; theta != null && p < params; p++) {
      gradTheta[thetaGradient == ThetaGradient.SUM ? p : p * lanes + l] += theta[p * each];
    }
  }
}
