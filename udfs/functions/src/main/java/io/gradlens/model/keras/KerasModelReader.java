package io.gradlens.model.keras;

import io.gradlens.UserInputException;
import io.gradlens.model.file.DamagedFile;
import io.gradlens.model.file.ModelFormat;
import io.gradlens.model.graph.LayerGraph;
import java.io.IOException;
import java.nio.file.Path;

/** Reads Keras model files: {@code .keras}, {@code .h5}, {@code .hdf5}. */
public final class KerasModelReader {

  private KerasModelReader() {}

  /**
   * Reads the architecture and every weight.
   *
   * @param file a zip archive or an HDF5 file, told apart by content
   * @throws UserInputException in one line that says what is wrong, if the file cannot be read, is
   *     damaged or holds what is not supported
   */
  public static LayerGraph read(Path file) {
    try (KerasArchive archive =
        ModelFormat.of(file) == ModelFormat.HDF5
            ? KerasArchive.openH5(file)
            : KerasArchive.openZip(file)) {
      return KerasGraph.build(archive.model(), archive.weights());
    } catch (UserInputException e) {
      throw new UserInputException("Cannot load model " + file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UserInputException(
          "Cannot load model %s: it cannot be read (%s).".formatted(file, DamagedFile.reason(e)),
          e);
    }
  }
}
