package io.gradlens.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SumTreeTest {
  private static final long SEED = 41;

  /** Numbers of all sizes, whose sum depends on the order in nearly every case. */
  private static double[] numbers(int count) {
    Random random = new Random(SEED + count);
    return IntStream.range(0, count)
        .mapToDouble(i -> random.nextGaussian() * Math.pow(10, random.nextInt(12)))
        .toArray();
  }

  private static LossSum sum(double number) {
    LossSum sum = new LossSum(1);
    sum.add(number, 3);
    sum.addGradient(new double[] {-number});
    return sum;
  }

  /** The sum of leaves from a to b by halving the next power of 2: the definition. */
  private static double naive(double[] numbers, int from, int width) {
    if (from >= numbers.length) {
      return Double.NaN;
    }
    if (width == 1) {
      return numbers[from];
    }
    double left = naive(numbers, from, width / 2);
    double right = naive(numbers, from + width / 2, width / 2);
    return Double.isNaN(right) ? left : left + right;
  }

  @Test
  void everyDivisionOfLabourGivesTheSameBits() {
    Random random = new Random(SEED);
    for (int blocks : new int[] {1, 2, 3, 7, 8, 64, 100, 257}) {
      double[] numbers = numbers(blocks);
      double expected = naive(numbers, 0, 1024);
      for (int workers : new int[] {1, 2, 8, 64}) {
        SumTree driver = new SumTree(blocks);
        for (SumTree worker : divided(numbers, workers, random)) {
          worker.nodes().forEach(driver::add);
        }
        LossSum total = driver.total();
        assertThat(total.meanLoss() * blocks / expected).isBetween(1 - 1e-15, 1 + 1e-15);
        double[] mean = new double[1];
        total.meanGradient(mean);
        assertThat(mean[0]).as("%d blocks, seed %d", blocks, SEED).isEqualTo(-expected / blocks);
        assertThat(total.nfe()).isEqualTo(3L * blocks);
      }
    }
  }

  /** Each worker gets any of the blocks, in any order. */
  private static List<SumTree> divided(double[] numbers, int workers, Random random) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, numbers.length).boxed().toList());
    Collections.shuffle(order, random);
    List<SumTree> trees = new ArrayList<>();
    for (int w = 0; w < workers; w++) {
      trees.add(new SumTree(numbers.length));
    }
    order.forEach(block -> trees.get(random.nextInt(workers)).add(block, sum(numbers[block])));
    return trees;
  }

  /** The control: what the tree is for does happen. */
  @Test
  void plainSumsOfPartsDiffer() {
    double[] numbers = numbers(257);
    Set<Double> sums = new HashSet<>();
    for (int parts : new int[] {1, 2, 8, 64}) {
      double total = 0;
      for (int part = 0; part < parts; part++) {
        double sum = 0;
        for (int i = part; i < numbers.length; i += parts) {
          sum += numbers[i];
        }
        total += sum;
      }
      sums.add(total);
    }
    assertThat(sums).hasSizeGreaterThan(1);
  }

  @Test
  void neighboursAreHandedOverAsFewNodes() {
    SumTree tree = new SumTree(1000);
    IntStream.range(130, 480).forEach(block -> tree.add(block, sum(1)));
    assertThat(tree.nodes()).hasSizeLessThan(2 * 10);
  }

  @Test
  void missingAndRepeatedBlocksAreNoticed() {
    SumTree tree = new SumTree(3);
    tree.add(0, sum(1));
    assertThatThrownBy(tree::total).hasMessageContaining("3 blocks");
    tree.add(2, sum(1));
    assertThatThrownBy(tree::total).hasMessageContaining("2 parts");
    assertThatThrownBy(() -> tree.add(0, sum(1))).hasMessageContaining("twice");
  }
}
