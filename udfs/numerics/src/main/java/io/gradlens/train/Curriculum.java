package io.gradlens.train;

import java.io.Serializable;

/**
 * How far ahead a loss looks: at first a few points, then further with every iteration, so that
 * what is far is learned when what is near is right. The horizon grows linearly from the first
 * number of points to all.
 *
 * @param first points at iteration 0; 0 for all from the beginning
 * @param iterations after so many it is all points
 * @param all the most points that a window has
 */
public record Curriculum(int first, int iterations, int all) implements Serializable {

  /** All points in every iteration. */
  public static Curriculum none() {
    return new Curriculum(0, 0, Integer.MAX_VALUE);
  }

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if a window would have fewer than 2 points at first
   */
  public Curriculum {
    if (first != 0 && (first < 2 || iterations < 1)) {
      throw new IllegalArgumentException(
          "A curriculum begins with 2 points or more and takes 1 iteration or more, got %d and %d."
              .formatted(first, iterations));
    }
  }

  /** The most points that count in an iteration. */
  int points(int iteration) {
    if (first == 0 || iteration >= iterations) {
      return Integer.MAX_VALUE;
    }
    return first + (int) ((long) Math.max(0, all - first) * iteration / iterations);
  }
}
