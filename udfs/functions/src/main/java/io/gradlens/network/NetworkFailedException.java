package io.gradlens.network;

/** Training cannot go on: the loss is no number any more, or workers cannot reach each other. */
public final class NetworkFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NetworkFailedException(String message) {
    super(message);
  }
}
