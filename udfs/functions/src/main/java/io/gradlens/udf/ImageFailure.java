package io.gradlens.udf;

/** An image cannot be used; it becomes a row in {@code failures} and the run goes on. */
public final class ImageFailure extends Exception {

  private static final long serialVersionUID = 1L;

  /** The stage in which a file is read. */
  static final String READ = "read";

  private final String stage;
  private final String sha256;
  private final String errorClass;

  /**
   * @param stage where it failed: read, decode, size, preprocess, label or explain
   * @param sha256 of the image's bytes, or null where they could not be read
   * @param errorClass the exception's class, or what stands for it
   * @param message the reason, one line
   */
  ImageFailure(String stage, String sha256, String errorClass, String message) {
    super(message == null ? errorClass : message.lines().findFirst().orElse(errorClass));
    this.stage = stage;
    this.sha256 = sha256;
    this.errorClass = errorClass;
  }

  /** Every executor died that tried the image. */
  public static ImageFailure executorLost(String sha256, String message) {
    return new ImageFailure("explain", sha256, "ExecutorLost", message);
  }

  /** With what another exception says. */
  public static ImageFailure of(String stage, String sha256, Throwable cause) {
    return new ImageFailure(stage, sha256, cause.getClass().getName(), cause.getMessage());
  }

  /** Where it failed. */
  public String stage() {
    return stage;
  }

  /** Of the image's bytes, or null. */
  public String sha256() {
    return sha256;
  }

  /** The exception's class, or what stands for it. */
  public String errorClass() {
    return errorClass;
  }
}
