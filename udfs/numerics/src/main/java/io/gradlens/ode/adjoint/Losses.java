package io.gradlens.ode.adjoint;

/**
 * The usual losses: how far states are from targets.
 *
 * <p>A trajectory's loss is the mean over the finite numbers among its targets; what is NaN or
 * infinite was not observed and does not count. A trajectory without any has loss 0 and no
 * gradient. Targets stand as states do: one row a trajectory, {@code [time][dim]}, not copied.
 */
public final class Losses {

  private Losses() {}

  /** r², with r = state − target. */
  public static Loss meanSquared(double[]... targets) {
    return mean(targets, (j, r) -> r * r, (j, r) -> 2 * r);
  }

  /** |r|, with r = state − target; its slope is 0 at 0. */
  public static Loss meanAbsolute(double[]... targets) {
    return mean(targets, (j, r) -> Math.abs(r), (j, r) -> Math.signum(r));
  }

  /**
   * r²/2 where |r| ≤ δ, and δ(|r| − δ/2) beyond, with r = state − target. Source: P. J. Huber,
   * Robust estimation of a location parameter, 1964.
   *
   * @throws IllegalArgumentException if δ is not above 0
   */
  public static Loss huber(double delta, double[]... targets) {
    requirePositive("delta", delta);
    return mean(
        targets,
        (j, r) -> Math.abs(r) <= delta ? r * r / 2 : delta * (Math.abs(r) - delta / 2),
        (j, r) -> Math.max(-delta, Math.min(delta, r)));
  }

  /**
   * −log of the normal density at the target, with the state for its mean: (r/σ)²/2 + log σ + ½ log
   * 2π, with r = state − target.
   *
   * @param sigma one for all components or one for each
   * @throws IllegalArgumentException if there is none, or one is not above 0
   */
  public static Loss gaussian(double[] sigma, double[]... targets) {
    if (sigma.length == 0) {
      throw new IllegalArgumentException("Expected at least one sigma, got none.");
    }
    double[] scale = sigma.clone();
    double[] offset = new double[scale.length];
    for (int i = 0; i < scale.length; i++) {
      requirePositive("sigma", scale[i]);
      offset[i] = Math.log(scale[i]) + Math.log(2 * Math.PI) / 2;
    }
    int d = scale.length;
    return mean(
        targets,
        (j, r) -> (r / scale[j % d]) * (r / scale[j % d]) / 2 + offset[j % d],
        (j, r) -> r / scale[j % d] / scale[j % d]);
  }

  /** What a difference counts, or the slope of it. */
  @FunctionalInterface
  private interface Pointwise {
    /** At number j of a trajectory's states. */
    double at(int j, double difference);
  }

  private static Loss mean(double[][] targets, Pointwise value, Pointwise slope) {
    return (trajectory, ts, ys, gradYs) -> {
      double[] target = targets[trajectory];
      if (target.length != ys.length) {
        throw new IllegalArgumentException(
            "Trajectory %d has %d numbers at its %d times, its targets have %d."
                .formatted(trajectory, ys.length, ts.length, target.length));
      }
      int count = 0;
      for (double each : target) {
        count += Double.isFinite(each) ? 1 : 0;
      }
      double sum = 0;
      for (int j = 0; j < ys.length; j++) {
        if (Double.isFinite(target[j])) {
          sum += value.at(j, ys[j] - target[j]);
          gradYs[j] = slope.at(j, ys[j] - target[j]) / count;
        }
      }
      return count == 0 ? 0 : sum / count;
    };
  }

  private static void requirePositive(String what, double value) {
    if (!(value > 0)) {
      throw new IllegalArgumentException("Expected a %s above 0, got %s.".formatted(what, value));
    }
  }
}
