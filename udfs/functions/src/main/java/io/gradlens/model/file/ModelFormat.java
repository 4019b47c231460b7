package io.gradlens.model.file;

import io.gradlens.UserInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.ZipFile;

/** What a model file is, by its content; its name decides only where the content cannot. */
public enum ModelFormat {
  /** A {@code .keras} archive. */
  KERAS_ARCHIVE,
  /** An HDF5 file. */
  HDF5,
  /** An archive of Deeplearning4j. */
  DL4J_ARCHIVE;

  private static final String SUPPORTED =
      "supported are Keras (.keras, .h5, .hdf5) and Deeplearning4j (.zip)";
  private static final byte[] HDF5_SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  private static final int START = 16;

  /**
   * @throws UserInputException if there is no such file, or it is of another kind; the message
   *     names the kind where it is known
   */
  public static ModelFormat of(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw Files.exists(file.resolve("saved_model.pb"))
          ? refused("is a TensorFlow SavedModel", "load it in Keras and save it as .keras")
          : new UserInputException("it is a folder; " + SUPPORTED + ".");
    }
    if (!Files.exists(file)) {
      throw new UserInputException("there is no such file.");
    }
    if (!Files.isReadable(file)) {
      throw new UserInputException("the file may not be read; check its permissions.");
    }
    byte[] start;
    try (InputStream in = Files.newInputStream(file)) {
      start = in.readNBytes(START);
    }
    if (start.length == 0) {
      throw new UserInputException("the file is empty.");
    }
    if (startsWith(start, HDF5_SIGNATURE)) {
      return HDF5;
    }
    if (startsWith(start, new byte[] {'P', 'K', 3, 4})) {
      return DamagedFile.guard(() -> ofZip(file));
    }
    throw unknown(start, file.getFileName().toString().toLowerCase(Locale.ROOT));
  }

  private static ModelFormat ofZip(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      if (zip.getEntry("config.json") != null) {
        return KERAS_ARCHIVE;
      }
      if (zip.getEntry("configuration.json") != null) {
        return DL4J_ARCHIVE;
      }
      if (zip.stream().anyMatch(entry -> entry.getName().endsWith("data.pkl"))) {
        throw pyTorch();
      }
    }
    throw new UserInputException(
        "it is a zip file without config.json (Keras) or configuration.json (Deeplearning4j).");
  }

  private static UserInputException unknown(byte[] start, String name) {
    if (start.length >= 8 && "TFL3".equals(latin(start, 4, 8))) {
      return refused("is a TensorFlow Lite model", "use the Keras model that it was made from");
    }
    if (name.endsWith(".onnx")) {
      return refused("is an ONNX model", "use the Keras model where there is one");
    }
    if (name.endsWith(".pb")) {
      return refused("is a TensorFlow graph", "load it in Keras and save it as .keras");
    }
    if (name.endsWith(".safetensors")) {
      return refused("holds bare weights (safetensors)", "save the whole model");
    }
    if (name.endsWith(".pt") || name.endsWith(".pth")) {
      return pyTorch();
    }
    if (start[0] == '{') {
      return refused("is JSON, an architecture without weights", "save the whole model");
    }
    return new UserInputException("it is not a model file of a known kind; " + SUPPORTED + ".");
  }

  private static UserInputException pyTorch() {
    return refused("is a PyTorch model", "rebuild it in Keras");
  }

  private static UserInputException refused(String kind, String remedy) {
    return new UserInputException("it %s; %s: %s.".formatted(kind, SUPPORTED, remedy));
  }

  private static boolean startsWith(byte[] start, byte[] signature) {
    return start.length >= signature.length
        && Arrays.equals(Arrays.copyOf(start, signature.length), signature);
  }

  private static String latin(byte[] bytes, int from, int to) {
    return new String(Arrays.copyOfRange(bytes, from, to), StandardCharsets.ISO_8859_1);
  }
}
