package io.gradlens;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Finds trained models, photographs and reference results that are not part of the repository: the
 * folder in {@code GRADLENS_REAL_DATA}, else {@code ../shared/real} beside the repository.
 */
public final class RealData {

  private RealData() {}

  /**
   * A file or folder of the reference material.
   *
   * @throws org.opentest4j.TestAbortedException if it is not there: the test counts as skipped
   */
  public static Path path(String relative) {
    Path path = folder().resolve(relative);
    assumeTrue(Files.exists(path), () -> "skipped: " + path + " is not there");
    return path;
  }

  private static Path folder() {
    String given = System.getenv("GRADLENS_REAL_DATA");
    if (given != null) {
      return Path.of(given);
    }
    Path root = Path.of(System.getProperty("gradlens.root", "")).toAbsolutePath();
    return root.resolve("../shared/real").normalize();
  }
}
