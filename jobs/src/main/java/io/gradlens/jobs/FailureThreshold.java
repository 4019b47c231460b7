package io.gradlens.jobs;

import io.gradlens.UserInputException;
import picocli.CommandLine.Option;

/** How many of a run's images may fail before its exit status says so. */
final class FailureThreshold {

  @Option(
      names = "--max-failure-fraction",
      paramLabel = "X",
      defaultValue = "0.05",
      description = "Exit with status 4 if more of the inputs fail. Default: ${DEFAULT-VALUE}.")
  double fraction;

  /**
   * @throws UserInputException if it is no fraction
   */
  void check() {
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new UserInputException(
          "Option --max-failure-fraction must be from 0 to 1, got %s.".formatted(fraction));
    }
  }

  /**
   * The exit status of a run that is done; a breach is told.
   *
   * @param failed what it is that images did, as "failed"
   */
  int status(RunRecord record, String failed) {
    record.maxFailureFraction = fraction;
    if (!record.isBreached()) {
      return ExitStatus.DONE;
    }
    System.err.printf(
        "gradlens: %d of %d images %s, more than --max-failure-fraction %s allows; everything is written.%n",
        record.counts.failed(), record.counts.input(), failed, fraction);
    return ExitStatus.THRESHOLD_BREACHED;
  }
}
