package io.gradlens.model.keras;

import com.fasterxml.jackson.databind.JsonNode;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes small Keras files as tests need them. */
final class KerasH5File {

  private KerasH5File() {}

  /** What a test puts into the file. */
  @FunctionalInterface
  interface Content {
    void write(WritableHdfFile hdf);
  }

  static Path write(Path file, Content content) {
    try (WritableHdfFile hdf = HdfFile.write(file)) {
      content.write(hdf);
    }
    return file;
  }

  /** Writes what a test puts under model_weights, with the attributes that Keras writes. */
  static Path model(Path file, String version, String config, Consumer<WritableGroup> content) {
    JsonNode model = KerasConfiguration.json(config);
    return write(
        file,
        hdf -> {
          hdf.putAttribute("keras_version", version);
          hdf.putAttribute("backend", "tensorflow");
          hdf.putAttribute("model_config", model.toString());
          content.accept(hdf.putGroup("model_weights"));
        });
  }

  /** Adds one layer's group in the manner of {@code .h5} files: weights by name, in order. */
  static void layer(WritableGroup weights, String name, Object... namesAndValues) {
    WritableGroup group = weights.putGroup(name);
    String[] names = new String[namesAndValues.length / 2];
    for (int i = 0; i < names.length; i++) {
      names[i] = (String) namesAndValues[2 * i];
      put(group, names[i], namesAndValues[2 * i + 1]);
    }
    group.putAttribute("weight_names", names);
  }

  private static void put(WritableGroup group, String path, Object value) {
    int slash = path.indexOf('/');
    if (slash < 0) {
      group.putDataset(path, value);
    } else {
      put(group.putGroup(path.substring(0, slash)), path.substring(slash + 1), value);
    }
  }

  /** Packs a configuration and a weights file into a {@code .keras} archive. */
  static Path zip(Path target, String version, JsonNode config, Path weights) throws IOException {
    try (OutputStream out = Files.newOutputStream(target);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      String metadata = "{\"keras_version\": \"" + version + "\"}";
      entry(zip, "metadata.json", metadata.getBytes());
      entry(zip, "config.json", config.toString().getBytes());
      if (weights != null) {
        entry(zip, "model.weights.h5", Files.readAllBytes(weights));
      }
    }
    return target;
  }

  private static void entry(ZipOutputStream zip, String name, byte[] content) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(content);
    zip.closeEntry();
  }

  static float[] filled(int length, float value) {
    float[] values = new float[length];
    Arrays.fill(values, value);
    return values;
  }
}
