package io.gradlens.train;

import io.gradlens.ode.DifferentiableField;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.Solution;
import io.gradlens.ode.ThetaGradient;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.adjoint.Adjoint;
import io.gradlens.ode.adjoint.DiscreteAdjoint;
import io.gradlens.ode.adjoint.Gradients;
import io.gradlens.ode.adjoint.Loss;
import io.gradlens.ode.adjoint.StepMemory;
import io.gradlens.ode.flow.Noise;
import io.gradlens.random.CounterRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A latent ODE: what is observed comes from a state z that is not, and that moves by dz/dt = f(z).
 *
 * <p>An encoder reads a window backwards in time and gives the distribution N(μ, σ²) of z at its
 * beginning; z₀ = μ + σε is drawn from it, solved for, and decoded at every time into x̂. The loss
 * is the negative evidence lower bound,
 *
 * <p>Σ [(x − x̂)²/2s² + log s + ½ log 2π] + ½ Σ (μ² + σ² − log σ² − 1),
 *
 * <p>the first sum over what was observed with noise s, the second over components of z. ε is a
 * function of seed, iteration and window. {@link #loss}, for validation, is another figure: the
 * mean square of x − x̂ with z₀ = μ.
 *
 * <p>θ is that of {@link LatentOde}: the field's parameters, the encoder's and the decoder's.
 *
 * <p>Source: Chen et al., Neural ordinary differential equations, 2018, section 5.
 */
public final class LatentOdeLoss implements BatchLoss {
  private static final long STREAM = CounterRandom.key("latent states");

  private final LatentOde model;
  private final Adjoint adjoint;
  private final int fieldParams;
  private final int observed;
  private final int latent;
  private final double noise;
  private final long seed;

  /**
   * @param field of the latent state; its θ is replaced
   * @param solve how trajectories are solved, each with steps of its own
   * @param shape of encoder and decoder
   * @param noise s, above 0
   * @param seed of what is drawn
   * @throws IllegalArgumentException if the noise is not above 0, or field and shape do not fit
   */
  public LatentOdeLoss(
      DifferentiableField field, OdeSolve solve, LatentShape shape, double noise, long seed) {
    GradientOptimizer.requirePositive("noise of observations", noise);
    this.noise = noise;
    this.seed = seed;
    model = new LatentOde(field, solve, shape);
    fieldParams = field.params();
    observed = shape.observed();
    latent = shape.latent();
    adjoint = new DiscreteAdjoint(solve, field, ThetaGradient.SUM, StepMemory.recompute());
  }

  @Override
  public int params() {
    return model.params();
  }

  @Override
  public int leastPoints() {
    return 2;
  }

  @Override
  public boolean isRandom() {
    return true;
  }

  @Override
  public void gradient(double[] theta, List<Window> windows, int iteration, LossSum sum) {
    model.setTheta(theta);
    int count = windows.size();
    List<RecurrentEncoder.Reading> readings = new ArrayList<>();
    double[] drawn = new double[count * latent];
    double[] z0 = new double[count * latent];
    for (int i = 0; i < count; i++) {
      Window window = windows.get(i);
      readings.add(model.encoder.read(theta, window.times(), window.states()));
      double[] epsilon =
          Noise.GAUSSIAN.vector(
              CounterRandom.bits(seed, STREAM, iteration), window.number(), latent);
      System.arraycopy(epsilon, 0, drawn, i * latent, latent);
      double[] output = readings.get(i).output;
      for (int k = 0; k < latent; k++) {
        z0[i * latent + k] = output[k] + epsilon[k] * Math.exp(output[latent + k] / 2);
      }
    }
    double[] gradTheta = new double[params()];
    Gradients gradients =
        adjoint.gradient(
            Trajectories.of(latent, z0, times(windows)), likelihood(theta, windows, gradTheta));
    double[] ofField = gradients.gradTheta();
    System.arraycopy(ofField, 0, gradTheta, 0, fieldParams);
    for (int i = 0; i < count; i++) {
      int nfe = gradients.solution().nfe(i) + gradients.nfeBackward(i);
      if (gradients.solution().status(i).isSuccess()) {
        double divergence =
            encoderVjp(theta, readings.get(i), drawn, i, gradients.gradY0(i), gradTheta);
        sum.add(gradients.loss(i) + divergence, nfe);
      } else {
        sum.addFailure(nfe);
      }
    }
    sum.addGradient(gradTheta);
  }

  /** The divergence of z₀'s distribution from the standard normal one; adds both gradients. */
  private double encoderVjp(
      double[] theta,
      RecurrentEncoder.Reading reading,
      double[] drawn,
      int i,
      double[] gradZ0,
      double[] gradTheta) {
    double[] cotangent = new double[2 * latent];
    double divergence = 0;
    for (int k = 0; k < latent; k++) {
      double mu = reading.output[k];
      double logVariance = reading.output[latent + k];
      double variance = Math.exp(logVariance);
      divergence += (mu * mu + variance - logVariance - 1) / 2;
      cotangent[k] = gradZ0[k] + mu;
      cotangent[latent + k] =
          gradZ0[k] * drawn[i * latent + k] * Math.sqrt(variance) / 2 + (variance - 1) / 2;
    }
    reading.vjp(theta, cotangent, gradTheta);
    return divergence;
  }

  private static double[][] times(List<Window> windows) {
    return windows.stream().map(Window::times).toArray(double[][]::new);
  }

  /** −log p of what was observed, with the decoder's gradient added on the way. */
  private Loss likelihood(double[] theta, List<Window> windows, double[] gradTheta) {
    double[][] targets = windows.stream().map(Window::states).toArray(double[][]::new);
    double constant = Math.log(noise) + Math.log(2 * Math.PI) / 2;
    double[] z = new double[latent];
    double[] gradZ = new double[latent];
    double[] x = new double[observed];
    double[] cotangent = new double[observed];
    return (i, ts, zs, gradZs) -> {
      double loss = 0;
      for (int j = 0; j < ts.length; j++) {
        System.arraycopy(zs, j * latent, z, 0, latent);
        model.decoder.apply(theta, z, x);
        for (int k = 0; k < observed; k++) {
          double target = targets[i][j * observed + k];
          double r = Double.isFinite(target) ? (x[k] - target) / noise : 0;
          cotangent[k] = r / noise;
          loss += Double.isFinite(target) ? r * r / 2 + constant : 0;
        }
        Arrays.fill(gradZ, 0);
        model.decoder.vjp(theta, z, cotangent, gradZ, gradTheta);
        System.arraycopy(gradZ, 0, gradZs, j * latent, latent);
      }
      return loss;
    };
  }

  @Override
  public void loss(double[] theta, List<Window> windows, int iteration, LossSum sum) {
    for (Window window : windows) {
      double[] target = window.states();
      double[] t = window.times();
      Solution solution = model.solution(theta, t, target, t);
      if (!solution.status(0).isSuccess()) {
        sum.addFailure(solution.nfe(0));
        continue;
      }
      double[] x = model.decoded(theta, solution);
      double squares = 0;
      int count = 0;
      for (int j = 0; j < x.length; j++) {
        if (Double.isFinite(target[j])) {
          squares += (x[j] - target[j]) * (x[j] - target[j]);
          count++;
        }
      }
      sum.add(squares / count, solution.nfe(0));
    }
  }
}
