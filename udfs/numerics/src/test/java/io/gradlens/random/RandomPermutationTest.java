package io.gradlens.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RandomPermutationTest {

  @Test
  void everyNumberHasOnePlace() {
    for (long size = 1; size <= 300; size++) {
      RandomPermutation order = new RandomPermutation(size * 7, size);
      assertThat(LongStream.range(0, size).map(order::at).sorted().toArray())
          .as("size %d", size)
          .isEqualTo(LongStream.range(0, size).toArray());
    }
  }

  @Test
  void largeOrdersAreOrdersToo() {
    RandomPermutation order = new RandomPermutation(5, 1L << 60);
    assertThat(LongStream.range(0, 1000).map(order::at).distinct().count()).isEqualTo(1000);
    assertThatThrownBy(() -> order.at(1L << 60)).hasMessageContaining("1152921504606846976");
  }

  /** By chi-squared; the seeds are fixed. */
  @Test
  void pairsOfPlacesAreAllAsLikely() {
    int size = 10;
    int draws = 90_000;
    int[][] counts = new int[size][size];
    for (int seed = 0; seed < draws; seed++) {
      RandomPermutation order = new RandomPermutation(seed, size);
      counts[(int) order.at(0)][(int) order.at(1)]++;
    }
    double chi = 0;
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        double expected = i == j ? 0 : draws / 90.0;
        chi += i == j ? counts[i][j] : Math.pow(counts[i][j] - expected, 2) / expected;
      }
    }
    // 89 degrees of freedom: above 136 once in a thousand.
    assertThat(chi).isLessThan(136);
  }

  @Test
  void bitsDependOnEveryWordOfTheirPurpose() {
    assertThat(CounterRandom.bits(1, 2, 3))
        .isNotEqualTo(CounterRandom.bits(1, 3, 2))
        .isNotEqualTo(CounterRandom.bits(2, 2, 3))
        .isEqualTo(CounterRandom.bits(1, 2, 3));
    assertThat(CounterRandom.key("ab")).isNotEqualTo(CounterRandom.key("ba"));
  }
}
