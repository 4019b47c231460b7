package io.gradlens;

/**
 * Something that the user gave cannot be used: a file, an option, a layer's name. Its message is
 * one line that names the value and the remedy; commands print it without a stack trace and exit
 * with status 2.
 */
public final class UserInputException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String nameless;

  public UserInputException(String message) {
    this(message, (Throwable) null);
  }

  public UserInputException(String message, Throwable cause) {
    this(message, message, cause);
  }

  /**
   * @param nameless the same without what the data calls its files and rows
   */
  public UserInputException(String message, String nameless, Throwable cause) {
    super(message, cause);
    this.nameless = nameless;
  }

  /** The message for where names of files and rows are nobody's business. */
  public String nameless() {
    return nameless;
  }
}
