package io.gradlens.random;

/**
 * A random order of the numbers 0 to n − 1, of which any place can be asked for by itself.
 *
 * <p>A Feistel network of 24 rounds permutes the numbers below the next power of 4; what falls
 * outside is sent through again until it falls inside, fewer than four times on average. Memory
 * does not grow with n.
 *
 * <p>Source: Luby and Rackoff, How to construct pseudorandom permutations from pseudorandom
 * functions, 1988; walking along cycles: Black and Rogaway, Ciphers with arbitrary finite domains,
 * 2002. For few numbers the few rounds that suffice for many would favour some orders.
 */
public final class RandomPermutation {
  private static final int ROUNDS = 24;

  private final long seed;
  private final long size;
  private final int half;
  private final long mask;

  /**
   * @param size n
   * @throws IllegalArgumentException if n is not from 1 to 2⁶⁰
   */
  public RandomPermutation(long seed, long size) {
    if (size < 1 || size > 1L << 60) {
      throw new IllegalArgumentException(
          "Expected 1 to 2^60 numbers to put in random order, got %d.".formatted(size));
    }
    this.seed = seed;
    this.size = size;
    int bits = 64 - Long.numberOfLeadingZeros(size - 1);
    half = Math.max(1, (bits + 1) / 2);
    mask = (1L << half) - 1;
  }

  /** The number at a place, both from 0 to n − 1. */
  public long at(long place) {
    if (place < 0 || place >= size) {
      throw new IllegalArgumentException(
          "Expected a place from 0 to %d, got %d.".formatted(size - 1, place));
    }
    long number = place;
    do {
      number = encrypt(number);
    } while (number >= size);
    return number;
  }

  private long encrypt(long number) {
    long left = number >>> half;
    long right = number & mask;
    for (int round = 0; round < ROUNDS; round++) {
      long next = left ^ (CounterRandom.bits(seed, round, right) & mask);
      left = right;
      right = next;
    }
    return left << half | right;
  }
}
