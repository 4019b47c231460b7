package io.gradlens.model;

import io.gradlens.UserInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Tells whether the GPUs of this machine can run ND4J's CUDA backend, before it is loaded: on one
 * that is too new it would die in native code.
 *
 * <p>The backend's binary holds code for compute capability 3.7, 5.0 to 7.5, 8.0 and 8.6 and
 * nothing that a driver could translate; such code runs on the same major version with an equal or
 * higher minor one.
 */
final class CudaDevices {

  private CudaDevices() {}

  /**
   * Does nothing where the native CPU backend is built in.
   *
   * @throws UserInputException naming the GPU that the backend cannot use
   */
  static void check() {
    if (isBackend()) {
      requireSupported(installed());
    }
  }

  /** Whether the CUDA backend is built in, and no GPU here is one that it cannot use. */
  static boolean areUsable() {
    return isBackend() && installed().stream().allMatch(CudaDevices::isSupported);
  }

  /** Whether the CUDA backend is built in. */
  static boolean isBackend() {
    try {
      Class.forName(
          "org.nd4j.linalg.jcublas.JCublasBackend", false, CudaDevices.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /**
   * @param devices one line a GPU: its compute capability, a comma, its name
   */
  static void requireSupported(List<String> devices) {
    for (String device : devices) {
      if (!isSupported(device)) {
        String[] parts = device.split(",", 2);
        throw new UserInputException(
            "This build's CUDA backend runs on GPUs of compute capability 3.7 and 5.0 to 8.9; %s has"
                    .formatted(parts.length > 1 ? parts[1].strip() : "the GPU")
                + " %s. Use the build without -Pcuda.".formatted(parts[0].strip()));
      }
    }
  }

  private static boolean isSupported(String device) {
    try {
      double version = Double.parseDouble(device.split(",", 2)[0].strip());
      return version == 3.7 || (version >= 5 && version < 9);
    } catch (NumberFormatException e) {
      return true;
    }
  }

  private static List<String> installed() {
    try {
      Process query =
          new ProcessBuilder("nvidia-smi", "--query-gpu=compute_cap,name", "--format=csv,noheader")
              .redirectErrorStream(true)
              .start();
      String output = new String(query.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return query.waitFor() == 0 ? output.lines().toList() : List.of();
    } catch (IOException e) {
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }
}
