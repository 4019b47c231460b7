package io.gradlens.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The small network on CIFAR-10: test accuracy and minutes for every number of workers and seed,
 * the mean over seeds, and how far each number of workers is from the first. Workers share the 64
 * images of a step, so that any number of them takes the same number of steps in an epoch.
 *
 * <p>Usage: CifarTraining [epochs [workers,… [seed,… [more options of train]]]].
 */
public final class CifarTraining {

  private static final int IMAGES_A_STEP = 64;

  private CifarTraining() {}

  public static void main(String[] args) throws IOException {
    String epochs = args.length > 0 ? args[0] : "30";
    String[] workers = (args.length > 1 ? args[1] : "2").split(",");
    String[] seeds = (args.length > 2 ? args[2] : "0").split(",");
    List<String> more = Arrays.asList(args).subList(Math.min(3, args.length), args.length);
    double[] first = null;
    for (String count : workers) {
      double[] accuracies = new double[seeds.length];
      for (int i = 0; i < seeds.length; i++) {
        CifarRun run = run(epochs, count, seeds[i], more);
        accuracies[i] = 100 * run.testAccuracy();
        System.out.printf(
            Locale.ROOT,
            "workers %s, seed %s: test accuracy %.2f %% after %.1f min%n",
            count,
            seeds[i],
            accuracies[i],
            run.minutes());
      }
      System.out.printf("workers %s: mean %s %%%n", count, SeedMean.of(accuracies));
      first = first == null ? accuracies : first;
      System.out.printf(
          "workers %s less workers %s: %s%n",
          count, workers[0], SeedMean.ofDifferences(accuracies, first));
    }
  }

  private static CifarRun run(String epochs, String workers, String seed, List<String> more)
      throws IOException {
    String batch = Integer.toString(IMAGES_A_STEP / Integer.parseInt(workers));
    List<String> options = new ArrayList<>(List.of("--architecture", "small-cnn"));
    options.addAll(List.of("--mean", "125.3,123,113.9", "--std", "63,62.1,66.7"));
    options.addAll(List.of("--augment", "flip,shift:4", "--batch-size", batch));
    options.addAll(List.of("--optimizer", "adamw", "--weight-decay", "5e-3"));
    options.addAll(List.of("--learning-rate", "3e-3", "--warm-up", "1"));
    options.addAll(List.of("--averaging-frequency", "8"));
    options.addAll(List.of("--epochs", epochs, "--workers", workers, "--seed", seed));
    options.addAll(more);
    return CifarRun.of("small-cnn-%s-%sx%s-%s".formatted(epochs, workers, batch, seed), options);
  }
}
