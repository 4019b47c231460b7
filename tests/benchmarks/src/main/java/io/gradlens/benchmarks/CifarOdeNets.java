package io.gradlens.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The ODE-Net on CIFAR-10 in shades of grey, 28x28, beside the same network with six residual
 * blocks and with nothing in the block's place: test accuracy for every seed, the mean, how far
 * each is from the residual network, and evaluations a batch over training. One worker.
 *
 * <p>Usage: CifarOdeNets [epochs [seed,… [more options of train]]].
 */
public final class CifarOdeNets {
  private static final List<String> NETWORKS =
      List.of("ode-net-residual", "ode-net", "ode-net-without-block");

  private CifarOdeNets() {}

  public static void main(String[] args) throws IOException {
    String epochs = args.length > 0 ? args[0] : "8";
    String[] seeds = (args.length > 1 ? args[1] : "0").split(",");
    List<String> more = Arrays.asList(args).subList(Math.min(2, args.length), args.length);
    double[] residual = null;
    for (String network : NETWORKS) {
      double[] accuracies = new double[seeds.length];
      for (int i = 0; i < seeds.length; i++) {
        CifarRun run = run(network, epochs, seeds[i], more);
        accuracies[i] = 100 * run.testAccuracy();
        System.out.printf(
            Locale.ROOT,
            "%s, seed %s: test accuracy %.2f %% after %.1f min%n",
            network,
            seeds[i],
            accuracies[i],
            run.minutes());
        if (network.equals("ode-net")) {
          System.out.println("  nfe forward  " + rounded(run.byEpoch("nfeForward")));
          System.out.println("  nfe backward " + rounded(run.byEpoch("nfeBackward")));
        }
      }
      residual = residual == null ? accuracies : residual;
      System.out.printf(
          "%s: mean %s %%, less residual: %s%n",
          network, SeedMean.of(accuracies), SeedMean.ofDifferences(accuracies, residual));
    }
  }

  private static CifarRun run(String network, String epochs, String seed, List<String> more)
      throws IOException {
    List<String> options = new ArrayList<>(List.of("--architecture", network));
    options.addAll(List.of("--mean", "122.6", "--std", "61", "--augment", "flip"));
    options.addAll(List.of("--optimizer", "nesterov", "--learning-rate", "0.05"));
    options.addAll(List.of("--weight-decay", "5e-4", "--batch-size", "32"));
    options.addAll(List.of("--workers", "1", "--averaging-frequency", "40"));
    options.addAll(List.of("--epochs", epochs, "--seed", seed));
    options.addAll(more);
    return CifarRun.of("%s-%s-%s".formatted(network, epochs, seed), options);
  }

  private static String rounded(double[] values) {
    return String.join(
        " ",
        Arrays.stream(values)
            .mapToObj(value -> String.format(Locale.ROOT, "%.1f", value))
            .toList());
  }
}
