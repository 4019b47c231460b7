package io.gradlens.model.keras;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradlens.UserInputException;
import io.gradlens.model.file.DamagedFile;
import io.jhdf.HdfFile;
import io.jhdf.api.Group;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A model file of Keras, opened: its configuration, and its weights to be read one by one. The
 * {@code .keras} archives of Keras 3 and the {@code .h5} files of Keras 2 and 3 differ here and
 * nowhere else.
 */
final class KerasArchive implements AutoCloseable {
  private static final String WEIGHTS = "model.weights.h5";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final KerasModel model;
  private final KerasWeights weights;
  private final HdfFile hdf;
  private final Path temporary;

  private KerasArchive(KerasModel model, KerasWeights weights, HdfFile hdf, Path temporary) {
    this.model = model;
    this.weights = weights;
    this.hdf = hdf;
    this.temporary = temporary;
  }

  KerasModel model() {
    return model;
  }

  /** Reads weights as long as the archive is open. */
  KerasWeights weights() {
    return (layer, index, shape) -> {
      if (layer.unreadableStorage() != null) {
        throw layer.problem(
            "stores its weights as %s, which cannot be read; save the model in float32"
                .formatted(layer.unreadableStorage()));
      }
      return DamagedFile.guard(() -> weights.read(layer, index, shape));
    };
  }

  /** Opens an HDF5 file that holds the whole model. */
  static KerasArchive openH5(Path file) {
    HdfFile hdf = DamagedFile.guard(() -> new HdfFile(file));
    try {
      String version = DamagedFile.guard(() -> version(hdf));
      JsonNode config = DamagedFile.guard(() -> configuration(hdf));
      Group group = DamagedFile.guard(() -> weightsGroup(hdf));
      KerasModel model = KerasModel.parse(config, generation(version));
      return new KerasArchive(model, new KerasH5Weights(group), hdf, null);
    } catch (RuntimeException e) {
      hdf.close();
      throw e;
    }
  }

  private static JsonNode configuration(HdfFile hdf) throws IOException {
    String config = HdfStrings.text(hdf, "model_config");
    if (config == null) {
      throw new UserInputException(
          hdf.getChildren().isEmpty()
              ? "it is an HDF5 file without a Keras model in it."
              : "it holds weights only, the architecture is missing; save the whole model with"
                  + " model.save(…), not save_weights(…).");
    }
    return JSON.readTree(config);
  }

  private static Group weightsGroup(HdfFile hdf) {
    if ("theano".equals(HdfStrings.text(hdf, "backend"))) {
      throw new UserInputException(
          "its kernels were saved with Keras' Theano backend; load it in Keras with TensorFlow and"
              + " save it again.");
    }
    if (hdf.getChild("model_weights") instanceof Group group) {
      return group;
    }
    throw new UserInputException("it holds an architecture but no weights.");
  }

  /**
   * Opens a {@code .keras} archive. Its weights are unpacked beside the system's temporary files.
   */
  static KerasArchive openZip(Path file) throws IOException {
    Path unpacked = null;
    HdfFile hdf = null;
    try (ZipFile zip = new ZipFile(file.toFile())) {
      JsonNode config = json(zip, "config.json");
      JsonNode metadata = json(zip, "metadata.json");
      KerasModel model =
          KerasModel.parse(config, generation(metadata.path("keras_version").asText("3")));
      ZipEntry entry = zip.getEntry(WEIGHTS);
      if (entry == null) {
        throw new UserInputException("it has no " + WEIGHTS + " in it.");
      }
      unpacked = Files.createTempFile("gradlens-weights", ".h5");
      unpack(zip, entry, unpacked);
      Path h5 = unpacked;
      hdf = DamagedFile.guard(() -> new HdfFile(h5));
      return new KerasArchive(model, new KerasV3Weights(hdf), hdf, unpacked);
    } catch (IOException | RuntimeException e) {
      discard(hdf, unpacked);
      throw e;
    }
  }

  /** Checks the checksum on the way, which the JDK does not do for entries that are not packed. */
  private static void unpack(ZipFile zip, ZipEntry entry, Path target) throws IOException {
    try (CheckedInputStream in = new CheckedInputStream(zip.getInputStream(entry), new CRC32())) {
      Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
      if (entry.getCrc() >= 0 && in.getChecksum().getValue() != entry.getCrc()) {
        throw new UserInputException("the file is damaged: the checksum of its weights is wrong.");
      }
    }
  }

  @Override
  public void close() {
    discard(hdf, temporary);
  }

  private static void discard(HdfFile hdf, Path temporary) {
    if (hdf != null) {
      hdf.close();
    }
    if (temporary != null && !temporary.toFile().delete()) {
      temporary.toFile().deleteOnExit();
    }
  }

  private static JsonNode json(ZipFile zip, String name) throws IOException {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      return JSON.missingNode();
    }
    try (InputStream in = zip.getInputStream(entry)) {
      return DamagedFile.guard(() -> JSON.readTree(in));
    }
  }

  /** The version of Keras, or null where neither place has it. */
  private static String version(HdfFile hdf) {
    String version = HdfStrings.text(hdf, "keras_version");
    return version == null && hdf.getChild("model_weights") instanceof Group group
        ? HdfStrings.text(group, "keras_version")
        : version;
  }

  private static int generation(String version) {
    if (version == null || version.startsWith("1.") || version.startsWith("0.")) {
      throw new UserInputException(
          "it was saved by Keras 1; load it in Keras 2 and save it again (Keras 2 and 3 are"
              + " supported).");
    }
    return version.startsWith("2.") ? 2 : 3;
  }
}
