package io.gradlens.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradlens.jobs.Gradlens;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipFile;

/**
 * A whole run of {@code train} on CIFAR-10 as Parquet, 12,000 pictures to learn from and 2,000 to
 * test; the learning rate falls as a cosine. The data is looked for in the folder that
 * GRADLENS_REAL_DATA names. A run that was interrupted goes on, and one that is done already is
 * only read.
 *
 * @param testAccuracy the share of the test pictures that is right
 * @param history of the epochs, as the archive has it
 */
record CifarRun(double testAccuracy, JsonNode history) {

  /**
   * @param name of its output folder
   * @param options of the network, its input, augmentation, optimizer, epochs, workers and seed
   * @throws IllegalStateException if the command fails
   */
  static CifarRun of(String name, List<String> options) throws IOException {
    Path data = Path.of(System.getenv("GRADLENS_REAL_DATA"), "cifar10");
    Path output = Path.of(System.getProperty("gradlens.bench"), "cifar", name);
    List<String> command = new ArrayList<>(List.of("train", "--output", output.toString()));
    command.addAll(List.of("--images", data.resolve("cifar10-train.parquet").toString()));
    command.addAll(List.of("--test-images", data.resolve("cifar10-test.parquet").toString()));
    command.addAll(List.of("--channel-order", "rgb", "--validation-fraction", "0.02"));
    command.addAll(List.of("--schedule", "cosine", "--master", "local[2]"));
    command.addAll(options);
    int status = Gradlens.run(command.toArray(String[]::new));
    if (status != 0) {
      throw new IllegalStateException("train ended with status " + status);
    }
    try (ZipFile zip = new ZipFile(output.resolve("model.zip").toFile())) {
      JsonNode provenance =
          new ObjectMapper()
              .readTree(zip.getInputStream(zip.getEntry("gradlens.json")))
              .path("provenance");
      return new CifarRun(provenance.at("/accuracy/test").asDouble(), provenance.path("history"));
    }
  }

  /** What training and validation took. */
  double minutes() {
    return history.path(history.size() - 1).path("seconds").asDouble() / 60;
  }

  /** A number of every epoch. */
  double[] byEpoch(String column) {
    double[] values = new double[history.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = history.path(i).path(column).asDouble();
    }
    return values;
  }
}
