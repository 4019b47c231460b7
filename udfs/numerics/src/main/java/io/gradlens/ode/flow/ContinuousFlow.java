package io.gradlens.ode.flow;

import io.gradlens.kernel.Real;
import io.gradlens.ode.DifferentiableField;
import io.gradlens.ode.DivergenceField;
import io.gradlens.ode.ErrorGroup;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.SaveAt;
import io.gradlens.ode.Solution;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.adjoint.Loss;
import java.util.Arrays;
import java.util.List;

/**
 * A probability density: the standard normal one at time t₀, carried by a field to time t₁,
 *
 * <p>log p(x) = log N(z(t₀); 0, 1) − ∫ tr ∂f/∂z dt from t₀ to t₁, with z(t₁) = x.
 *
 * <pre>{@code
 * ContinuousFlow flow = ContinuousFlow.exact(field, 0, 1, solve);
 * double[] logDensities = flow.logDensities(points);
 * Gradients gradients =
 *     new DiscreteAdjoint(flow.solve(), flow.field(), ThetaGradient.SUM, StepMemory.recompute())
 *         .gradient(flow.trajectories(points, 0), flow.negativeLogLikelihood());
 * }</pre>
 *
 * <p>There gradients with respect to y₀ have −∂log p/∂x for their first components.
 *
 * <p>An instance uses its field, so it belongs to one thread at a time.
 */
@Real
public final class ContinuousFlow {
  private static final double LOG_2_PI = Math.log(2 * Math.PI);

  private final FlowField field;
  private final int d;
  private final double t0;
  private final double t1;
  private final OdeSolve solve;
  private final Noise noise;
  private final long seed;

  private ContinuousFlow(
      FlowField field, double t0, double t1, OdeSolve solve, Noise noise, long seed) {
    if (!Double.isFinite(t0) || !Double.isFinite(t1) || t0 == t1) {
      throw new IllegalArgumentException(
          "Expected two finite times that differ, of the base and of the data; got %s and %s."
              .formatted(t0, t1));
    }
    this.field = field;
    this.t0 = t0;
    this.t1 = t1;
    this.noise = noise;
    this.seed = seed;
    d = field.points();
    int log = field.dim() - 1;
    this.solve =
        solve.errorGroups(
            List.of(ErrorGroup.components(0, d), ErrorGroup.components(log, log + 1)));
  }

  /**
   * A flow with the exact trace: d quadratic forms an evaluation.
   *
   * @param t0 the time of the standard normal density
   * @param t1 the time of the data
   * @param solve how trajectories are solved; its error groups are replaced, by those of {@link
   *     #solve}
   * @throws IllegalArgumentException if a time is not finite or both are the same
   */
  public static ContinuousFlow exact(DivergenceField field, double t0, double t1, OdeSolve solve) {
    return new ContinuousFlow(FlowField.exact(field), t0, t1, solve, null, 0);
  }

  /**
   * A flow with Hutchinson's estimate of the trace: 1 quadratic form an evaluation. Densities are
   * those of {@link #exact} on average over the noise. The noise of a trajectory depends on its
   * number and on the seed only; training takes another seed for every iteration.
   */
  public static ContinuousFlow estimated(
      DivergenceField field, double t0, double t1, OdeSolve solve, Noise noise, long seed) {
    return new ContinuousFlow(FlowField.estimated(field), t0, t1, solve, noise, seed);
  }

  /** Components of a point, d. */
  public int dim() {
    return d;
  }

  /** The field to give to an adjoint. */
  public DifferentiableField field() {
    return field;
  }

  /**
   * The solve to give to an adjoint: errors of the point and of the logarithm of the density count
   * apart, those of noise do not.
   */
  public OdeSolve solve() {
    return solve;
  }

  /**
   * The problems to give to an adjoint: from points back to the base, with the logarithm of the
   * density starting at 0.
   *
   * @param points {@code [point][dim]}
   * @param first the number of the first one, for its noise
   * @throws IllegalArgumentException if these are no points
   */
  public Trajectories trajectories(double[] points, long first) {
    return Trajectories.of(field.dim(), states(points, first), t1, t0);
  }

  /**
   * The states that trajectories begin with, {@code [point][dim]} of {@link #field}: points, their
   * noise if there is any, and 0.
   *
   * @param points {@code [point][dim]}
   * @param first the number of the first one, for its noise
   * @throws IllegalArgumentException if these are no points
   */
  public double[] states(double[] points, long first) {
    if (points.length == 0 || points.length % d != 0) {
      throw new IllegalArgumentException(
          "Expected points of %d components each, got %d numbers.".formatted(d, points.length));
    }
    int count = points.length / d;
    double[] states = new double[count * field.dim()];
    for (int i = 0; i < count; i++) {
      int at = i * field.dim();
      System.arraycopy(points, i * d, states, at, d);
      if (!field.isExact()) {
        System.arraycopy(noise.vector(seed, first + i, d), 0, states, at + d, d);
      }
    }
    return states;
  }

  /**
   * log p at points, which count from 0 for their noise.
   *
   * @param points {@code [point][dim]}
   * @return {@code [point]}; NaN where a solve failed
   * @throws IllegalArgumentException if these are no points
   */
  public double[] logDensities(double[] points) {
    Solution solution = solve.saveAt(SaveAt.T1).solve(field, trajectories(points, 0));
    double[] logs = new double[solution.count()];
    for (int i = 0; i < logs.length; i++) {
      double[] y = solution.ys(i);
      logs[i] = solution.status(i).isSuccess() ? base(y, 0) - y[field.dim() - 1] : Double.NaN;
    }
    return logs;
  }

  /** −log p(x) of a trajectory from {@link #trajectories}: a loss for an adjoint. */
  public Loss negativeLogLikelihood() {
    return (trajectory, ts, ys, gradYs) -> {
      int at = ys.length - field.dim();
      System.arraycopy(ys, at, gradYs, at, d);
      gradYs[ys.length - 1] = 1;
      return ys[ys.length - 1] - base(ys, at);
    };
  }

  /** log N(z; 0, 1). */
  private double base(double[] y, int at) {
    double sum = 0;
    for (int i = 0; i < d; i++) {
      sum += y[at + i] * y[at + i] + LOG_2_PI;
    }
    return -sum / 2;
  }

  /**
   * Draws points. One depends on the seed and its number only, not on how many are drawn.
   *
   * @throws IllegalArgumentException if the number is not above 0
   */
  public FlowSamples samples(int count, long sampleSeed) {
    if (count < 1) {
      throw new IllegalArgumentException("Expected at least 1 sample, got %d.".formatted(count));
    }
    double[] base = new double[count * d];
    for (int i = 0; i < count; i++) {
      // Another stream than the noise has, should both seeds be the same.
      System.arraycopy(Noise.GAUSSIAN.vector(~sampleSeed, i, d), 0, base, i * d, d);
    }
    Solution solution =
        solve.saveAt(SaveAt.T1).solve(field, Trajectories.of(field.dim(), states(base, 0), t0, t1));
    double[] points = new double[count * d];
    double[] logs = new double[count];
    Arrays.fill(points, Double.NaN);
    Arrays.fill(logs, Double.NaN);
    for (int i = 0; i < count; i++) {
      if (solution.status(i).isSuccess()) {
        System.arraycopy(solution.ys(i), 0, points, i * d, d);
        logs[i] = base(base, i * d) + solution.ys(i)[field.dim() - 1];
      }
    }
    return new FlowSamples(points, logs);
  }
}
