package io.gradlens.train;

import io.gradlens.ode.DifferentiableField;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.SaveAt;
import io.gradlens.ode.Solution;
import io.gradlens.ode.Trajectories;
import java.util.Arrays;

/**
 * A latent ODE as a model: observations t, x are read backwards in time as a normal distribution
 * N(μ, σ²) of the state at the first of them, the state moves by dz/dt = f(z) from its mean, and at
 * any time x̂ = decoder(z(t)).
 *
 * <p>θ is the field's parameters, and then those of {@link LatentShape}. An instance holds scratch
 * memory and belongs to one thread at a time.
 *
 * <p>Source: Chen et al., Neural ordinary differential equations, 2018, section 5.
 */
public final class LatentOde {
  private final DifferentiableField field;
  private final OdeSolve solve;
  private final LatentShape shape;
  final RecurrentEncoder encoder;
  final StateDecoder decoder;

  /**
   * @param field of the latent state; its θ is replaced
   * @param solve how trajectories are solved
   * @param shape of the networks
   * @throws IllegalArgumentException if the field has not as many components as the state
   */
  public LatentOde(DifferentiableField field, OdeSolve solve, LatentShape shape) {
    if (field.dim() != shape.latent()) {
      throw new IllegalArgumentException(
          "Field of %d components cannot move a latent state of %d."
              .formatted(field.dim(), shape.latent()));
    }
    this.field = field;
    this.solve = solve.saveAt(SaveAt.TS);
    this.shape = shape;
    encoder = shape.encoder(field.params());
    decoder = shape.decoder(field.params());
  }

  /** How many parameters there are, p. */
  public int params() {
    return field.params() + shape.params();
  }

  LatentShape shape() {
    return shape;
  }

  /** Gives the field its part of θ. */
  void setTheta(double[] theta) {
    field.setTheta(Arrays.copyOf(theta, field.params()));
  }

  /**
   * What would be observed at any times, from what was observed: decoded from z₀ = μ.
   *
   * @param theta θ, {@code [p]}
   * @param t times of observations, {@code [point]}
   * @param y observations, {@code [point][observed]}; NaN where nothing was
   * @param at times that are asked for; the first is that of the first observation
   * @return {@code [time][observed]}; NaN where the solve failed
   */
  public double[] predict(double[] theta, double[] t, double[] y, double[] at) {
    return decoded(theta, solution(theta, t, y, at));
  }

  Solution solution(double[] theta, double[] t, double[] y, double[] at) {
    setTheta(theta);
    double[] z0 = Arrays.copyOf(encoder.read(theta, t, y).output, shape.latent());
    return solve.solve(field, Trajectories.of(shape.latent(), z0, at));
  }

  double[] decoded(double[] theta, Solution solution) {
    int latent = shape.latent();
    int observed = shape.observed();
    double[] zs = solution.ys(0);
    double[] all = new double[zs.length / latent * observed];
    double[] x = new double[observed];
    for (int j = 0; j < zs.length / latent; j++) {
      decoder.apply(theta, Arrays.copyOfRange(zs, j * latent, (j + 1) * latent), x);
      System.arraycopy(x, 0, all, j * observed, observed);
    }
    return all;
  }
}
