package io.gradlens.ode.adjoint;

import io.gradlens.kernel.Real;
import io.gradlens.ode.DifferentiableField;
import io.gradlens.ode.Event;
import io.gradlens.ode.EventHit;
import io.gradlens.ode.Lanes;
import io.gradlens.ode.RestartMap;
import io.gradlens.ode.Tape;
import io.gradlens.ode.ThetaGradient;
import java.util.List;

/**
 * Brings cotangents back over events.
 *
 * <p>An event is at the root of g(τ, y⁻) = 0, and with D = ∂g/∂t + ∂g/∂y·f⁻ a change δy of the
 * state at the fixed time τ moves it by δτ = −(∂g/∂y·δy)/D. So the state that it comes with changes
 * by δy + f⁻δτ, and where it restarts, everything after it by δy⁺ = (∂R/∂y)(δy + f⁻δτ) + ∂R/∂t·δτ
 * and by beginning δτ later. With a⁺ the cotangent of y⁺, σ⁺ that of the beginning's time (−a⁺·f⁺
 * in the limit of small steps), and μ, β those that the loss has for τ and y⁻,
 *
 * <p>c = μ + β·f⁻ + a⁺·(∂R/∂y·f⁻ + ∂R/∂t) + σ⁺, a⁻ = (∂R/∂y)ᵀa⁺ + β − (∂g/∂y)ᵀ c/D,
 *
 * <p>σ⁻ = μ + a⁺·∂R/∂t + σ⁺ − ∂g/∂t·c/D, dL/dθ += (∂R/∂θ)ᵀa⁺ − (∂g/∂θ)ᵀ c/D.
 *
 * <p>Where it does not restart, c = μ + β·f⁻, a⁻ = a⁺ + β − (∂g/∂y)ᵀ c/D, and a⁺ is 0 where it ends
 * the trajectory. A jump of f is at a time that does not move: a⁻ = a⁺, σ⁻ = −a⁺·f⁻.
 *
 * <p>Source: Corner, Sandu, Sandu, Adjoint sensitivity analysis of hybrid multibody dynamical
 * systems, 2020.
 */
@Real
final class EventJump {
  private final List<Event> events;
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

  EventJump(
      List<Event> events,
      DifferentiableField field,
      ThetaGradient thetaGradient,
      int lanes,
      Gradients gradients) {
    this.events = events;
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
      gradT[l] = -dot(after, slope);
      return;
    }
    double[] before = new double[dim];
    double[] theta = gradTheta == null ? null : new double[params];
    gradT[l] = jump(start, after, slope, gradT[l], before, theta);
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

  /** Computes a⁻ and what the event gives for θ; returns σ⁻. */
  private double jump(
      StepLog.Start start,
      double[] after,
      double[] slope,
      double shift,
      double[] before,
      double[] theta) {
    EventHit hit = gradients.solution().events(start.trajectory).get(start.event);
    Event event = events.get(hit.event());
    double moves = 0;
    double sigma = shift;
    if (start.y == null) {
      System.arraycopy(after, 0, before, 0, dim);
    } else {
      RestartMap restart = event.restart();
      sigma += restart.vjp(hit.t(), hit.before(), after, before, theta);
      moves = dot(before, slope) + sigma;
    }
    double explicit = gradients.eventTimes(start.trajectory)[start.event];
    double[] states = gradients.eventStates(start.trajectory);
    sigma += explicit;
    moves += explicit;
    for (int d = 0; d < dim; d++) {
      double beta = states[start.event * dim + d];
      before[d] += beta;
      moves += beta * slope[d];
    }
    if (moves != 0) {
      double[] gradient = new double[dim];
      double rate = event.root().vjp(hit.t(), hit.before(), 1, gradient, null);
      rate += dot(gradient, slope);
      sigma += event.root().vjp(hit.t(), hit.before(), -moves / rate, before, theta);
    }
    return sigma;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += a[d] * b[d];
    }
    return sum;
  }
}
