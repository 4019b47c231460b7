package io.gradlens.train;

import java.util.Random;

/**
 * Reads a window backwards in time with a recurrent network: from the last point to the first, h ←
 * tanh(W[x, Δt, h] + b), with what was observed there (0 where nothing was) and the time to the
 * point after; then (μ, log σ²) = Vh + c, a normal distribution of the state that the window began
 * with.
 */
final class RecurrentEncoder {
  private final int observed;
  private final int hidden;
  private final Affine step;
  private final Affine head;

  /**
   * @param at where its parameters begin in θ
   * @param observed components of an observation
   * @param hidden components of h
   * @param latent components of a state
   */
  RecurrentEncoder(int at, int observed, int hidden, int latent) {
    this.observed = observed;
    this.hidden = hidden;
    step = new Affine(at, observed + 1 + hidden, hidden);
    head = new Affine(step.end(), hidden, 2 * latent);
  }

  int end() {
    return head.end();
  }

  void draw(double[] theta, Random random) {
    step.draw(theta, random);
    head.draw(theta, random);
  }

  /** What a window was read as, with all that its gradient needs. */
  final class Reading {
    private final double[][] inputs;
    private final double[] last = new double[hidden];

    /** μ and then log σ², {@code [2·latent]}. */
    final double[] output = new double[head.out()];

    private Reading(double[] theta, double[] t, double[] y) {
      int points = t.length;
      inputs = new double[points][observed + 1 + hidden];
      for (int j = points - 1; j >= 0; j--) {
        double[] input = inputs[j];
        for (int k = 0; k < observed; k++) {
          double value = y[j * observed + k];
          input[k] = Double.isFinite(value) ? value : 0;
        }
        input[observed] = j + 1 < points ? t[j + 1] - t[j] : 0;
        System.arraycopy(last, 0, input, observed + 1, hidden);
        step.apply(theta, input, last);
        for (int h = 0; h < hidden; h++) {
          last[h] = Math.tanh(last[h]);
        }
      }
      head.apply(theta, last, output);
    }

    /** Adds the gradient of θ, by back-propagation through time. */
    void vjp(double[] theta, double[] cotangent, double[] gradTheta) {
      double[] gradH = new double[hidden];
      head.vjp(theta, last, cotangent, gradH, gradTheta);
      for (int j = 0; j < inputs.length; j++) {
        double[] gradInput = new double[inputs[j].length];
        for (int h = 0; h < hidden; h++) {
          double value = j == 0 ? last[h] : inputs[j - 1][observed + 1 + h];
          gradH[h] *= 1 - value * value;
        }
        step.vjp(theta, inputs[j], gradH, gradInput, gradTheta);
        System.arraycopy(gradInput, observed + 1, gradH, 0, hidden);
      }
    }
  }

  /**
   * Reads a window.
   *
   * @param t its times, {@code [point]}
   * @param y what was observed, {@code [point][observed]}
   */
  Reading read(double[] theta, double[] t, double[] y) {
    return new Reading(theta, t, y);
  }
}
