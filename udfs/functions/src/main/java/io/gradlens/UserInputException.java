package io.gradlens;

/**
 * Something that the user gave cannot be used: a file, an option, a layer's name. Its message is
 * one line that names the value and the remedy; commands print it without a stack trace and exit
 * with status 2.
 */
public final class UserInputException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public UserInputException(String message) {
    super(message);
  }

  public UserInputException(String message, Throwable cause) {
    super(message, cause);
  }
}
