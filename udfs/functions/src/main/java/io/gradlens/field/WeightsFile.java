package io.gradlens.field;

import io.gradlens.UserInputException;
import java.io.IOException;
import java.util.List;

/** A weights file that a description names, read when somebody wants it. */
final class WeightsFile {

  /** How the bytes of a file beside the description are had. */
  @FunctionalInterface
  interface Folder {
    byte[] read(String name) throws IOException;
  }

  private final Folder folder;
  private final String name;

  WeightsFile(Folder folder, String name) {
    this.folder = folder;
    this.name = name;
  }

  String name() {
    return name;
  }

  /**
   * @throws UserInputException if it cannot be read
   */
  List<Tensor> tensors() {
    try {
      return Safetensors.read(folder.read(name), name);
    } catch (IOException e) {
      throw new UserInputException("Weights file %s cannot be read: %s.".formatted(name, e), e);
    }
  }
}
