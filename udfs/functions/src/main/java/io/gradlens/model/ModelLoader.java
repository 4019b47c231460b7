package io.gradlens.model;

import io.gradlens.UserInputException;
import io.gradlens.model.file.DamagedFile;
import io.gradlens.model.file.ModelFormat;
import io.gradlens.model.graph.LayerGraph;
import io.gradlens.model.keras.KerasModelReader;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Loads trained networks from files: {@code .keras} archives, {@code .h5} and {@code .hdf5} files
 * of Keras 2 and 3, and archives of Deeplearning4j. The kind is told by content, not by extension.
 */
public final class ModelLoader {

  private ModelLoader() {}

  /**
   * Reads architecture and weights. Takes as much native memory as the weights have bytes in
   * float32, and for a {@code .keras} archive as much room again among the temporary files.
   *
   * @throws UserInputException in one line that names the file and says what is wrong with it: it
   *     is missing, damaged, of another kind, or has a layer that is not supported
   */
  public static ProbedModel load(Path file) {
    return read(file);
  }

  /**
   * The ops that {@link #load} runs.
   *
   * @throws UserInputException as there
   */
  public static LayerGraph graph(Path file) {
    return read(file).graph();
  }

  private static NetworkModel read(Path file) {
    NativeBackend.configure();
    try {
      return switch (ModelFormat.of(file)) {
        case KERAS_ARCHIVE, HDF5 ->
            new NetworkModel(KerasModelReader.read(file), StoredMetadata.NONE);
        case DL4J_ARCHIVE -> Dl4jModelReader.read(file);
      };
    } catch (UserInputException e) {
      throw named(file, e);
    } catch (IOException e) {
      throw new UserInputException(
          "Cannot load model %s: it cannot be read (%s).".formatted(file, DamagedFile.reason(e)),
          e);
    }
  }

  private static UserInputException named(Path file, UserInputException e) {
    String message = e.getMessage();
    return message.contains(file.toString())
        ? e
        : new UserInputException("Cannot load model " + file + ": " + message, e);
  }
}
