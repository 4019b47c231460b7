package io.gradlens.ode.adjoint;

import io.gradlens.kernel.Real;
import io.gradlens.ode.DifferentiableField;
import io.gradlens.ode.EventHit;
import io.gradlens.ode.Tape;
import io.gradlens.ode.ThetaGradient;
import java.util.Arrays;
import java.util.List;

/**
 * A field with a cost that adds up along the way: dy/dt = f(t, y, θ), dq/dt = c(t, y, ẏ).
 *
 * <p>A state is [y, q], and q is a quadrature: it costs an evaluation of c, and has no say in step
 * sizes.
 *
 * <pre>{@code
 * RunningCost field = new RunningCost(f, Cost.kineticEnergy(2));
 * Trajectories trajectories = Trajectories.of(field.dim(), field.states(y0), ts);
 * Loss loss = field.loss(Losses.meanSquared(targets), 0.01);
 * }</pre>
 *
 * <p>An instance holds scratch memory, so it belongs to one thread at a time.
 */
@Real
public final class RunningCost implements DifferentiableField {
  private final DifferentiableField field;
  private final Cost cost;
  private final int d;
  private @Real double[] y = {};
  private @Real double[] slopes;
  private @Real double[] rate;
  private @Real double[] cotangent;
  private @Real double[] gradY;

  /** Adds a cost to a field. */
  public RunningCost(DifferentiableField field, Cost cost) {
    this.field = field;
    this.cost = cost;
    d = field.dim();
  }

  /**
   * Initial states with q = 0 after each.
   *
   * @param y0 {@code [trajectory][d]}
   * @throws IllegalArgumentException if these are no states of the field's
   */
  public double[] states(double[] y0) {
    if (y0.length == 0 || y0.length % d != 0) {
      throw new IllegalArgumentException(
          "Expected initial states of %d components each, got %d numbers.".formatted(d, y0.length));
    }
    return widen(y0);
  }

  private double[] widen(double[] rows) {
    double[] out = new double[rows.length / d * (d + 1)];
    for (int i = 0; i < rows.length / d; i++) {
      System.arraycopy(rows, i * d, out, i * (d + 1), d);
    }
    return out;
  }

  /**
   * A loss on the states y, and the cost from the first to the last time.
   *
   * <p>Where a terminal event ends a trajectory before its last time, the cost is NaN.
   *
   * @param onStates sees the states without q, those of events too
   * @param weight what the cost is multiplied by
   */
  public Loss loss(Loss onStates, double weight) {
    return new Loss() {
      @Override
      public double evaluate(int trajectory, double[] ts, double[] ys, double[] gradYs) {
        double[] narrow = new double[ts.length * d];
        for (int i = 0; i < ts.length; i++) {
          System.arraycopy(ys, i * (d + 1), narrow, i * d, d);
        }
        double[] grad = new double[narrow.length];
        double value = onStates.evaluate(trajectory, ts, narrow, grad);
        System.arraycopy(widen(grad), 0, gradYs, 0, gradYs.length);
        gradYs[d] -= weight;
        gradYs[ys.length - 1] += weight;
        return value + weight * (ys[ys.length - 1] - ys[d]);
      }

      @Override
      public double evaluateEvents(
          int trajectory, List<EventHit> events, double[] gradTimes, double[] gradStates) {
        double[] grad = new double[events.size() * d];
        double value =
            onStates.evaluateEvents(
                trajectory, events.stream().map(hit -> narrow(hit)).toList(), gradTimes, grad);
        System.arraycopy(widen(grad), 0, gradStates, 0, gradStates.length);
        return value;
      }
    };
  }

  private EventHit narrow(EventHit hit) {
    return new EventHit(
        hit.event(), hit.t(), Arrays.copyOf(hit.before(), d), Arrays.copyOf(hit.after(), d));
  }

  @Override
  public int dim() {
    return d + 1;
  }

  /** q alone: the cost may read all others. */
  @Override
  public int quadratures() {
    return 1;
  }

  @Override
  public int params() {
    return field.params();
  }

  @Override
  public int[] tensors() {
    return field.tensors();
  }

  @Override
  public double[] theta() {
    return field.theta();
  }

  @Override
  public void setTheta(double[] theta) {
    field.setTheta(theta);
  }

  @Override
  public void apply(double[] t, @Real double[] state, @Real double[] dydt) {
    begin(t.length, state);
    field.apply(t, y, slopes);
    finish(t, dydt);
  }

  private void begin(int n, @Real double[] state) {
    if (y.length != d * n) {
      y = new @Real double[d * n];
      slopes = new @Real double[d * n];
      cotangent = new @Real double[d * n];
      gradY = new @Real double[d * n];
      rate = new @Real double[n];
    }
    System.arraycopy(state, 0, y, 0, d * n);
  }

  private void finish(double[] t, @Real double[] dydt) {
    cost.value(t, y, slopes, rate);
    System.arraycopy(slopes, 0, dydt, 0, slopes.length);
    System.arraycopy(rate, 0, dydt, slopes.length, rate.length);
  }

  @Override
  public void vjp(
      double[] t,
      @Real double[] state,
      @Real double[] a,
      @Real double[] grad,
      @Real double[] gradTheta,
      double[] gradT) {
    begin(t.length, state);
    field.apply(t, y, slopes);
    costVjp(t, a, gradT);
    field.vjp(t, y, cotangent, gradY, gradTheta, gradT);
    addTo(grad);
  }

  /** What the cost gives: a part of the gradient, and of the cotangent of ẏ. */
  private void costVjp(double[] t, @Real double[] a, double[] gradT) {
    System.arraycopy(a, 0, cotangent, 0, cotangent.length);
    System.arraycopy(a, cotangent.length, rate, 0, rate.length);
    Arrays.fill(gradY, 0);
    cost.vjp(t, y, slopes, rate, gradY, cotangent, gradT);
  }

  private void addTo(@Real double[] grad) {
    for (int i = 0; i < gradY.length; i++) {
      grad[i] += gradY[i];
    }
  }

  @Override
  public Tape tape(int lanes, int slots, ThetaGradient thetaGradient) {
    return new CostTape(field.tape(lanes, slots, thetaGradient), lanes, slots);
  }

  /** The field's tape, with what the cost needs beside it. */
  private final class CostTape implements Tape {
    private final Tape tape;
    private final double[][] times;
    private final @Real double[][] states;
    private final @Real double[][] taped;

    CostTape(Tape tape, int lanes, int slots) {
      this.tape = tape;
      times = new double[slots][lanes];
      states = new @Real double[slots][d * lanes];
      taped = new @Real double[slots][d * lanes];
    }

    @Override
    public void apply(int slot, double[] t, @Real double[] state, @Real double[] dydt) {
      begin(t.length, state);
      tape.apply(slot, t, y, slopes);
      finish(t, dydt);
      System.arraycopy(t, 0, times[slot], 0, t.length);
      System.arraycopy(y, 0, states[slot], 0, y.length);
      System.arraycopy(slopes, 0, taped[slot], 0, y.length);
    }

    @Override
    public void vjp(int slot, @Real double[] a, @Real double[] grad, double[] gradT) {
      begin(times[slot].length, states[slot]);
      System.arraycopy(taped[slot], 0, slopes, 0, slopes.length);
      costVjp(times[slot], a, gradT);
      tape.vjp(slot, cotangent, gradY, gradT);
      addTo(grad);
    }

    @Override
    public void addThetaGradient(double[] gradTheta) {
      tape.addThetaGradient(gradTheta);
    }

    @Override
    public long bytes() {
      long numbers = states.length == 0 ? 0 : 2L * states.length * states[0].length;
      long each = (@Real double) 0.1 == 0.1 ? Double.BYTES : Float.BYTES;
      return tape.bytes() + numbers * each + 8L * times.length * times[0].length;
    }
  }
}
