package io.gradlens.random;

/**
 * Random bits by hashing: a word is a function of a seed and of the numbers that say what it is
 * for, by SplitMix64's mixing function.
 *
 * <p>Source: Steele, Lea, Flood, Fast splittable pseudorandom number generators, 2014; drawing by
 * counter: Salmon et al., Parallel random numbers: as easy as 1, 2, 3, 2011.
 */
public final class CounterRandom {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private CounterRandom() {}

  /** 64 random bits for a purpose. */
  public static long bits(long seed, long... purpose) {
    long word = mix(seed + GOLDEN);
    for (long each : purpose) {
      word = mix(word + each + GOLDEN);
    }
    return word;
  }

  private static long mix(long x) {
    long y = (x ^ (x >>> 30)) * 0xbf58476d1ce4e5b9L;
    y = (y ^ (y >>> 27)) * 0x94d049bb133111ebL;
    return y ^ (y >>> 31);
  }

  /** A number between 0 and 1, neither included, from 64 random bits. */
  public static double uniform(long bits) {
    return ((bits >>> 12) + 0.5) * 0x1p-52;
  }

  /** A number for a text, to draw by: its characters, hashed one after the other. */
  public static long key(String text) {
    long key = text.length();
    for (int i = 0; i < text.length(); i++) {
      key = mix(key + text.charAt(i) + GOLDEN);
    }
    return key;
  }
}
