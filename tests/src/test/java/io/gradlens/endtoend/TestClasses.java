package io.gradlens.endtoend;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** Where the classes of these tests lie, for processes that need them. */
final class TestClasses {

  private TestClasses() {}

  static String folder() {
    try {
      var source = TestClasses.class.getProtectionDomain().getCodeSource();
      return Path.of(source.getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
