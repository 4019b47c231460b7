package io.gradlens.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rates that were measured by turns, one of each kind a round, so that what else the machine does
 * falls on all kinds. Ratios are medians of the rounds' own.
 */
final class Rounds {

  private final List<double[]> rounds = new ArrayList<>();

  /** Adds a round: a rate of every kind, in the same order as in all rounds. */
  void add(double... rates) {
    rounds.add(rates.clone());
  }

  /** The median rate of a kind. */
  double median(int kind) {
    return median(rounds.stream().mapToDouble(round -> round[kind]).toArray());
  }

  /** How many times the rate of one kind another's is. */
  double ratio(int of, int to) {
    return median(rounds.stream().mapToDouble(round -> round[of] / round[to]).toArray());
  }

  /** How much of the gain from one kind to a second there is from a third to a fourth. */
  double ratioOfRatios(int second, int first, int fourth, int third) {
    return median(
        rounds.stream()
            .mapToDouble(round -> round[fourth] / round[third] / (round[second] / round[first]))
            .toArray());
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    int middle = values.length / 2;
    return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  }
}
