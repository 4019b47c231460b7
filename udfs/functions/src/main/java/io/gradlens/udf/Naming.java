package io.gradlens.udf;

/** What tables and messages call an image. */
public enum Naming {
  /** By its path. */
  PATH {
    @Override
    public String uri(String path) {
      return path;
    }

    @Override
    public String reason(ImageFailure failure) {
      return failure.getMessage();
    }
  },

  /**
   * By a digest of its path. What a file system says of a file that it cannot read is left out: it
   * names the file, in whatever spelling.
   */
  DIGEST {
    @Override
    public String uri(String path) {
      return "sha256:" + Digests.sha256(path);
    }

    @Override
    public String reason(ImageFailure failure) {
      return failure.stage().equals(ImageFailure.READ)
          ? "The file cannot be read; why is left out, because it would name the file"
          : failure.getMessage();
    }
  };

  /** What stands in {@code image_uri} for an image at a path. */
  public abstract String uri(String path);

  /** What stands in {@code message} for a failure. */
  public abstract String reason(ImageFailure failure);
}
