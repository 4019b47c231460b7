package io.gradlens.jobs;

import io.gradlens.UserInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Text that an option names. */
final class TextFiles {

  private TextFiles() {}

  /**
   * @param what the option, for the message
   * @throws UserInputException if it cannot be read
   */
  static String read(String location, String what, Configuration hadoop) {
    Path path = new Path(location);
    try (InputStream in = path.getFileSystem(hadoop).open(path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UserInputException(
          "%s %s cannot be read: %s.".formatted(what, location, e.getMessage()), e);
    }
  }
}
