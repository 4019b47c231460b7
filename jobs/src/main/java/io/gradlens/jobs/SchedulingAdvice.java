package io.gradlens.jobs;

import java.util.Optional;

/** What to do where Spark takes longer to start an iteration's tasks than they take to compute. */
final class SchedulingAdvice {

  /** After so many iterations of this process it is known. */
  private static final int TRIED = 20;

  private static final double TOO_MUCH = 0.5;

  private int iterations;

  /**
   * What to tell after an iteration: something once at the most.
   *
   * @param share the part of the iterations' time so far in which no task computed
   */
  Optional<String> afterIteration(double share) {
    iterations++;
    return iterations == TRIED && share > TOO_MUCH
        ? Optional.of(
            "%.0f %% of the time of an iteration is scheduling, not computation; --train-on driver, a larger --batch or --local-steps 10 will be faster."
                .formatted(100 * share))
        : Optional.empty();
  }
}
