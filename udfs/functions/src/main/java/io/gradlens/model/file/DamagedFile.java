package io.gradlens.model.file;

import io.gradlens.UserInputException;
import java.io.IOException;

/**
 * Runs what reads a binary file that may be damaged. Offsets and sizes in such a file are
 * arbitrary, so its reader may fail in any way; all of them become one sentence to the user.
 */
public final class DamagedFile {

  /** Reads something. */
  @FunctionalInterface
  public interface Reading<T> {
    T read() throws IOException;
  }

  private DamagedFile() {}

  /**
   * @throws UserInputException as thrown by the reading, or saying that the file is damaged
   */
  public static <T> T guard(Reading<T> reading) {
    try {
      return reading.read();
    } catch (UserInputException e) {
      throw e;
    } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw new UserInputException(
          "the file is damaged or cut short (%s).".formatted(reason(e)), e);
    }
  }

  /** The first line of an exception's message, or its class where it has none. */
  public static String reason(Throwable e) {
    String message = e.getMessage();
    String first = message == null ? "" : message.strip().lines().findFirst().orElse("");
    return first.isEmpty() ? e.getClass().getSimpleName() : first;
  }
}
