package io.gradlens.decode;

/** A file that should be a picture cannot be used as one. Its message names what was found. */
public final class UnreadableImageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Declared dimensions over the limit. */
  public static final String SIZE = "size";

  /** Not a picture, truncated, corrupt, or of a kind that is not read. */
  public static final String DECODE = "decode";

  private final String stage;

  UnreadableImageException(String stage, String message) {
    super(message);
    this.stage = stage;
  }

  UnreadableImageException(String stage, String message, Throwable cause) {
    super(message, cause);
    this.stage = stage;
  }

  /** Where it failed, for the {@code stage} column: {@link #SIZE} or {@link #DECODE}. */
  public String stage() {
    return stage;
  }
}
