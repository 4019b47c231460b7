package io.gradlens.train;

/** Training cannot go on. The message says why, and what to do. */
public final class TrainingFailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  TrainingFailedException(String message) {
    super(message);
  }
}
