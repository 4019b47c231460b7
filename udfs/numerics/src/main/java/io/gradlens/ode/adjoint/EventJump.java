package io.gradlens.ode.adjoint;

import io.gradlens.ode.Event;
import io.gradlens.ode.EventHit;
import java.util.Arrays;
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
final class EventJump {
  private final List<Event> events;
  private final Gradients gradients;

  EventJump(List<Event> events, Gradients gradients) {
    this.events = events;
    this.gradients = gradients;
  }

  /**
   * Takes one over an event.
   *
   * @param place the event's among those of the trajectory
   * @param goesOn whether the trajectory went on from y⁺, restarted
   * @param after a⁺
   * @param slope f⁻
   * @param sigma σ⁺
   * @param before overwritten: a⁻
   * @param theta what the event gives is added; null where not wanted
   * @return σ⁻
   */
  double back(
      int trajectory,
      int place,
      boolean goesOn,
      double[] after,
      double[] slope,
      double sigma,
      double[] before,
      double[] theta) {
    EventHit hit = gradients.solution().events(trajectory).get(place);
    Event event = events.get(hit.event());
    int dim = after.length;
    double shift = sigma;
    double moves = 0;
    if (goesOn) {
      Arrays.fill(before, 0);
      shift += event.restart().vjp(hit.t(), hit.before(), after, before, theta);
      moves = dot(before, slope) + shift;
    } else {
      System.arraycopy(after, 0, before, 0, dim);
    }
    double explicit = gradients.eventTimes(trajectory)[place];
    double[] states = gradients.eventStates(trajectory);
    shift += explicit;
    moves += explicit;
    for (int d = 0; d < dim; d++) {
      double beta = states[place * dim + d];
      before[d] += beta;
      moves += beta * slope[d];
    }
    if (moves != 0) {
      double[] gradient = new double[dim];
      double rate = event.root().vjp(hit.t(), hit.before(), 1, gradient, null);
      rate += dot(gradient, slope);
      shift += event.root().vjp(hit.t(), hit.before(), -moves / rate, before, theta);
    }
    return shift;
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += a[d] * b[d];
    }
    return sum;
  }
}
