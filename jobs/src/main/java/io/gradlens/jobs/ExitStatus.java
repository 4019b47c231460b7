package io.gradlens.jobs;

/** What the command's exit status says. */
final class ExitStatus {

  static final int DONE = 0;

  /** Unknown option or command, missing value. */
  static final int BAD_COMMAND_LINE = 1;

  /** Input or configuration that cannot be used; one line says why. */
  static final int BAD_INPUT = 2;

  /** A bug; there is a stack trace. */
  static final int INTERNAL_ERROR = 3;

  /** Finished and everything written, but too much failed. */
  static final int THRESHOLD_BREACHED = 4;

  /** Of a run that still goes on, as {@code status} tells it: that one has no outcome. */
  static final int RUNNING = 1;

  private ExitStatus() {}

  /** What a command ends with where something is thrown: the user's mistake, or a bug. */
  static int of(Throwable thrown) {
    return FailureText.mistake(thrown) == null ? INTERNAL_ERROR : BAD_INPUT;
  }
}
