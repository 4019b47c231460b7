package io.gradlens.train;

import io.gradlens.random.CounterRandom;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Local SGD: several steps on a part of the data without a word to the others, then the mean of θ
 * and of what optimizers remember. Results depend on how the data is divided.
 */
public final class LocalSteps {

  private LocalSteps() {}

  /**
   * How steps are taken.
   *
   * @param optimizer makes one
   * @param clipNorm what gradients are clipped at
   * @param learningRates one a step
   * @param maxFailureFraction more failed windows than this end the round
   */
  public record Rule(
      OptimizerFactory optimizer,
      double clipNorm,
      double[] learningRates,
      double maxFailureFraction)
      implements Serializable {}

  /** Makes optimizers wherever they are needed. */
  public interface OptimizerFactory extends Supplier<Optimizer>, Serializable {}

  /**
   * What a round gives.
   *
   * @param theta the new θ
   * @param state of the optimizer
   * @param loss the mean over steps; NaN if a step could not be taken
   * @param gradientNorm the mean over steps
   * @param windows how many were evaluated
   * @param nfe evaluations of f
   */
  public record Outcome(
      double[] theta, double[] state, double loss, double gradientNorm, long windows, long nfe)
      implements Serializable {}

  /**
   * A round on one part.
   *
   * @param part its number among the parts
   * @param blocks its blocks, at least one
   * @param sampling of all parts together
   */
  public static Outcome run(
      BatchLoss loss,
      int part,
      List<TrajectoryBlock> blocks,
      Sampling sampling,
      double[] theta,
      double[] state,
      int first,
      Rule rule) {
    List<TrajectoryBlock> own = new ArrayList<>();
    long windows = 0;
    for (TrajectoryBlock block : blocks) {
      own.add(block.withFirstWindow(windows));
      windows += block.windows(sampling.windowing());
    }
    long drawn = Math.max(1, Math.round((double) sampling.drawn() * windows / sampling.total()));
    Sampling ownSampling = sampling.part(windows, drawn, CounterRandom.bits(sampling.seed(), part));
    double[] now = theta.clone();
    Optimizer optimizer = rule.optimizer.get();
    optimizer.restore(state);
    Evaluated evaluated = new Evaluated();
    double losses = 0;
    for (int step = 0; step < rule.learningRates.length; step++) {
      int iteration = first + step;
      Objective objective =
          (at, gradient) -> evaluated.at(loss, ownSampling, own, iteration, at, gradient, rule);
      losses +=
          optimizer.step(
              now, new GradientClipping(objective, rule.clipNorm), rule.learningRates[step]);
    }
    int steps = rule.learningRates.length;
    return new Outcome(
        now,
        optimizer.state(),
        losses / steps,
        evaluated.norms / steps,
        evaluated.windows,
        evaluated.nfe);
  }

  /** What a round's evaluations add up to. */
  private static final class Evaluated {
    double norms;
    long windows;
    long nfe;

    double at(
        BatchLoss loss,
        Sampling sampling,
        List<TrajectoryBlock> blocks,
        int iteration,
        double[] theta,
        double[] gradient,
        Rule rule) {
      BlockLoss blockLoss =
          new BlockLoss(loss, sampling, iteration, theta, BlockLoss.Kind.GRADIENT);
      LossSum sum = new LossSum(theta.length);
      blocks.forEach(block -> sum.add(blockLoss.evaluate(block)));
      windows += sum.windows();
      nfe += sum.nfe();
      sum.meanGradient(gradient);
      norms += GradientClipping.norm(gradient);
      return sum.isUsable(rule.maxFailureFraction) ? sum.meanLoss() : Double.NaN;
    }
  }

  /** The mean of rounds, weighted by windows, in the order given. */
  public static Outcome mean(List<Outcome> outcomes) {
    double[] theta = new double[outcomes.get(0).theta.length];
    double[] state = new double[outcomes.get(0).state.length];
    long windows = outcomes.stream().mapToLong(Outcome::windows).sum();
    double loss = 0;
    double norm = 0;
    long nfe = 0;
    for (Outcome each : outcomes) {
      double weight = (double) each.windows / windows;
      add(theta, weight, each.theta);
      add(state, weight, each.state);
      loss += weight * each.loss;
      norm += weight * each.gradientNorm;
      nfe += each.nfe;
    }
    return new Outcome(theta, state, loss, norm, windows, nfe);
  }

  private static void add(double[] to, double weight, double[] what) {
    for (int i = 0; i < to.length; i++) {
      to[i] += weight * what[i];
    }
  }
}
