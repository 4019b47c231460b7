package io.gradlens.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads Keras model files: {@code .keras}, {@code .h5}, {@code .hdf5}. */
final class KerasModelReader {

  private KerasModelReader() {}

  /**
   * Reads the architecture and every weight.
   *
   * @param file a zip archive or an HDF5 file, told apart by content
   * @throws UserInputException in one line that says what is wrong, if the file cannot be read, is
   *     damaged or holds what is not supported
   */
  static LayerGraph read(Path file) {
    try (KerasArchive archive =
        isZip(file) ? KerasArchive.openZip(file) : KerasArchive.openH5(file)) {
      NativeBackend.configure();
      return KerasGraph.build(archive.model(), archive.weights());
    } catch (UserInputException e) {
      throw new UserInputException("Cannot load model " + file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UserInputException(
          "Cannot load model %s: it cannot be read (%s).".formatted(file, e.getMessage()), e);
    }
  }

  private static boolean isZip(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(2);
      return start.length == 2 && start[0] == 'P' && start[1] == 'K';
    }
  }
}
