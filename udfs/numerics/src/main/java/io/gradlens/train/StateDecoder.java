package io.gradlens.train;

import java.util.Random;

/** What is observed of a latent state z: x̂ = V max(0, Wz + b) + c. */
final class StateDecoder {
  private final Affine first;
  private final Affine second;
  private final double[] hidden;
  private final double[] gradHidden;

  /**
   * @param at where its parameters begin in θ
   * @param latent components of z
   * @param width of the hidden layer
   * @param observed components of x̂
   */
  StateDecoder(int at, int latent, int width, int observed) {
    first = new Affine(at, latent, width);
    second = new Affine(first.end(), width, observed);
    hidden = new double[width];
    gradHidden = new double[width];
  }

  int end() {
    return second.end();
  }

  void draw(double[] theta, Random random) {
    first.draw(theta, random);
    second.draw(theta, random);
  }

  /** Overwrites x̂. */
  void apply(double[] theta, double[] z, double[] x) {
    first.apply(theta, z, hidden);
    for (int h = 0; h < hidden.length; h++) {
      hidden[h] = Math.max(0, hidden[h]);
    }
    second.apply(theta, hidden, x);
  }

  /** Adds the gradients at the z that was decoded last. */
  void vjp(double[] theta, double[] z, double[] cotangent, double[] gradZ, double[] gradTheta) {
    java.util.Arrays.fill(gradHidden, 0);
    second.vjp(theta, hidden, cotangent, gradHidden, gradTheta);
    for (int h = 0; h < hidden.length; h++) {
      gradHidden[h] = hidden[h] > 0 ? gradHidden[h] : 0;
    }
    first.vjp(theta, z, gradHidden, gradZ, gradTheta);
  }
}
