package io.gradlens.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradlens.jobs.Gradlens;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipFile;

/**
 * The command {@code train} on CIFAR-10 as Parquet (12,000 pictures to learn from, 2,000 to test),
 * whole runs: test accuracy and minutes for every number of workers and seed, the mean over seeds,
 * and the 95 % interval of the mean by Student's t.
 *
 * <p>Usage: CifarTraining [epochs [workers,… [seeds [more options of train]]]]; the data is looked
 * for in the folder that GRADLENS_REAL_DATA names.
 */
public final class CifarTraining {

  /** Student's t, 97.5 %, for 1 to 4 degrees of freedom. */
  private static final double[] T = {12.706, 4.303, 3.182, 2.776};

  private CifarTraining() {}

  public static void main(String[] args) throws IOException {
    String epochs = args.length > 0 ? args[0] : "25";
    String[] workers = (args.length > 1 ? args[1] : "2").split(",");
    int seeds = args.length > 2 ? Integer.parseInt(args[2]) : 1;
    List<String> more = Arrays.asList(args).subList(Math.min(3, args.length), args.length);
    for (String count : workers) {
      double[] accuracies = new double[seeds];
      for (int seed = 0; seed < seeds; seed++) {
        long start = System.nanoTime();
        accuracies[seed] = accuracy(epochs, count, seed, more);
        System.out.printf(
            Locale.ROOT,
            "workers %s, seed %d: test accuracy %.4f after %.1f min%n",
            count,
            seed,
            accuracies[seed],
            (System.nanoTime() - start) / 60e9);
      }
      System.out.printf(
          Locale.ROOT,
          "workers %s: mean %.4f ± %.4f of %d seeds%n",
          count,
          mean(accuracies),
          interval(accuracies),
          seeds);
    }
  }

  private static double accuracy(String epochs, String workers, int seed, List<String> more)
      throws IOException {
    Path data = Path.of(System.getenv("GRADLENS_REAL_DATA"), "cifar10");
    Path output =
        Path.of(
            System.getProperty("gradlens.bench"),
            "cifar-%s-%s-%d".formatted(epochs, workers, seed));
    List<String> command = new ArrayList<>(List.of("train", "--architecture", "small-cnn"));
    command.addAll(List.of("--images", data.resolve("cifar10-train.parquet").toString()));
    command.addAll(List.of("--test-images", data.resolve("cifar10-test.parquet").toString()));
    command.addAll(List.of("--channel-order", "rgb", "--mean", "125.3,123,113.9"));
    command.addAll(List.of("--std", "63,62.1,66.7", "--augment", "flip,shift:4"));
    command.addAll(List.of("--epochs", epochs, "--workers", workers, "--seed", "" + seed));
    command.addAll(List.of("--batch-size", "64", "--averaging-frequency", "8"));
    command.addAll(List.of("--optimizer", "adamw", "--weight-decay", "5e-3"));
    command.addAll(List.of("--learning-rate", "3e-3", "--schedule", "cosine", "--warm-up", "1"));
    command.addAll(List.of("--validation-fraction", "0.02", "--overwrite"));
    command.addAll(List.of("--master", "local[2]", "--output", output.toString()));
    command.addAll(more);
    int status = Gradlens.run(command.toArray(String[]::new));
    if (status != 0) {
      throw new IllegalStateException("train ended with status " + status);
    }
    try (ZipFile zip = new ZipFile(output.resolve("model.zip").toFile())) {
      JsonNode stored =
          new ObjectMapper().readTree(zip.getInputStream(zip.getEntry("gradlens.json")));
      return stored.at("/provenance/accuracy/test").asDouble();
    }
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  /** Half of the 95 % interval of the mean; NaN for one value. */
  private static double interval(double[] values) {
    int n = values.length;
    if (n < 2 || n > T.length + 1) {
      return Double.NaN;
    }
    double mean = mean(values);
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return T[n - 2] * Math.sqrt(squares / (n - 1) / n);
  }
}
