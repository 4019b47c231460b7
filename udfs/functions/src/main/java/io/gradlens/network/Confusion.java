package io.gradlens.network;

import java.io.Serializable;
import java.util.Arrays;

/**
 * What a network said of pictures whose classes are known.
 *
 * @param counts {@code [actual][predicted]}
 * @param lossSum the sum of −log p of the actual class
 */
public record Confusion(long[][] counts, double lossSum) implements Serializable {

  static Confusion none(int classes) {
    return new Confusion(new long[classes][classes], 0);
  }

  /** Both together. */
  Confusion plus(Confusion other) {
    long[][] sum = new long[counts.length][];
    for (int i = 0; i < counts.length; i++) {
      sum[i] = counts[i].clone();
      for (int j = 0; j < counts.length; j++) {
        sum[i][j] += other.counts[i][j];
      }
    }
    return new Confusion(sum, lossSum + other.lossSum);
  }

  /** How many pictures there were. */
  public long total() {
    return Arrays.stream(counts).flatMapToLong(Arrays::stream).sum();
  }

  /** Pictures of a class. */
  public long support(int actual) {
    return Arrays.stream(counts[actual]).sum();
  }

  private long predicted(int predicted) {
    return Arrays.stream(counts).mapToLong(row -> row[predicted]).sum();
  }

  /** The share that was right; NaN without pictures. */
  public double accuracy() {
    long right = 0;
    for (int i = 0; i < counts.length; i++) {
      right += counts[i][i];
    }
    return (double) right / total();
  }

  /** Of those that were said to be of a class, the share that are; NaN where there are none. */
  public double precision(int index) {
    return (double) counts[index][index] / predicted(index);
  }

  /** Of those of a class, the share that was found; NaN where there are none. */
  public double recall(int index) {
    return (double) counts[index][index] / support(index);
  }

  /** 2·right/(said + actual): the harmonic mean of precision and recall. */
  public double f1(int index) {
    return 2.0 * counts[index][index] / (predicted(index) + support(index));
  }

  /** The mean of −log p of the actual class; NaN without pictures. */
  public double loss() {
    return lossSum / total();
  }
}
