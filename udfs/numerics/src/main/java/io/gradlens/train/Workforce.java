package io.gradlens.train;

/**
 * Who evaluates losses over all blocks: threads of this process, or a cluster. The same θ gives the
 * same bits whoever does it.
 */
public interface Workforce extends AutoCloseable {

  /** Loss and gradient of an iteration's windows. */
  LossSum gradient(double[] theta, int iteration);

  /** The loss of the whole trajectories that were held out; of all if none were. */
  LossSum validate(double[] theta, int iteration);

  /**
   * Whether all iterations have the same windows, in whole, and nothing is drawn: one objective.
   */
  boolean isSameEveryIteration();

  /** How many windows an iteration looks at. */
  long windowsAnIteration();

  /**
   * A round of steps on every part of the data by itself, and their mean; see {@link LocalSteps}.
   *
   * @param theta θ, {@code [p]}, only read
   * @param state of the optimizer, only read
   * @param first the number of the first step
   */
  LocalSteps.Outcome localSteps(double[] theta, double[] state, int first, LocalSteps.Rule rule);

  @Override
  void close();
}
