package io.gradlens.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Partial sums over lanes, kept in registers while a tile runs. A vector that is narrower than a
 * unit of {@link LaneProducts#LANES} takes one part of every unit at a time, from place {@code
 * part} on.
 *
 * <p>Of a tile that reaches beyond the last row, the last row stands in for the missing ones.
 */
@Real
final class OuterTiles {
  /** Sums of the larger tile. */
  static final int SUMS = 8;

  private static final VectorSpecies<@Real Double> SPECIES = AffineTiles.SPECIES;
  private static final int LANES = LaneProducts.LANES;

  private OuterTiles() {}

  /**
   * Four rows of u, from {@code i} on, times two rows of v, from {@code j} on.
   *
   * @param height how many of the four rows there are
   * @param width how many of the two
   * @param sums are added to: places {@code part} and following of {@code [4][2][LANES]}
   */
  static void fourByTwo(
      @Real double[] u,
      int i,
      int height,
      @Real double[] v,
      int j,
      int width,
      int lanes,
      int part,
      @Real double[] sums) {
    DoubleVector s00 = DoubleVector.fromArray(SPECIES, sums, part);
    DoubleVector s01 = DoubleVector.fromArray(SPECIES, sums, part + LANES);
    DoubleVector s10 = DoubleVector.fromArray(SPECIES, sums, part + 2 * LANES);
    DoubleVector s11 = DoubleVector.fromArray(SPECIES, sums, part + 3 * LANES);
    DoubleVector s20 = DoubleVector.fromArray(SPECIES, sums, part + 4 * LANES);
    DoubleVector s21 = DoubleVector.fromArray(SPECIES, sums, part + 5 * LANES);
    DoubleVector s30 = DoubleVector.fromArray(SPECIES, sums, part + 6 * LANES);
    DoubleVector s31 = DoubleVector.fromArray(SPECIES, sums, part + 7 * LANES);
    int u0 = i * lanes + part;
    int u1 = u0 + (height > 1 ? lanes : 0);
    int u2 = u1 + (height > 2 ? lanes : 0);
    int u3 = u2 + (height > 3 ? lanes : 0);
    int v0 = j * lanes + part;
    int v1 = v0 + (width > 1 ? lanes : 0);
    for (int l = 0; l < lanes; l += LANES) {
      DoubleVector x0 = DoubleVector.fromArray(SPECIES, v, v0 + l);
      DoubleVector x1 = DoubleVector.fromArray(SPECIES, v, v1 + l);
      DoubleVector w = DoubleVector.fromArray(SPECIES, u, u0 + l);
      s00 = w.fma(x0, s00);
      s01 = w.fma(x1, s01);
      w = DoubleVector.fromArray(SPECIES, u, u1 + l);
      s10 = w.fma(x0, s10);
      s11 = w.fma(x1, s11);
      w = DoubleVector.fromArray(SPECIES, u, u2 + l);
      s20 = w.fma(x0, s20);
      s21 = w.fma(x1, s21);
      w = DoubleVector.fromArray(SPECIES, u, u3 + l);
      s30 = w.fma(x0, s30);
      s31 = w.fma(x1, s31);
    }
    s00.intoArray(sums, part);
    s01.intoArray(sums, part + LANES);
    s10.intoArray(sums, part + 2 * LANES);
    s11.intoArray(sums, part + 3 * LANES);
    s20.intoArray(sums, part + 4 * LANES);
    s21.intoArray(sums, part + 5 * LANES);
    s30.intoArray(sums, part + 6 * LANES);
    s31.intoArray(sums, part + 7 * LANES);
  }

  /**
   * Four rows of u, from {@code i} on.
   *
   * @param height how many of the four rows there are
   * @param sums are added to: places {@code part} and following of {@code [4][LANES]}
   */
  static void sums(@Real double[] u, int i, int height, int lanes, int part, @Real double[] sums) {
    DoubleVector s0 = DoubleVector.fromArray(SPECIES, sums, part);
    DoubleVector s1 = DoubleVector.fromArray(SPECIES, sums, part + LANES);
    DoubleVector s2 = DoubleVector.fromArray(SPECIES, sums, part + 2 * LANES);
    DoubleVector s3 = DoubleVector.fromArray(SPECIES, sums, part + 3 * LANES);
    int u0 = i * lanes + part;
    int u1 = u0 + (height > 1 ? lanes : 0);
    int u2 = u1 + (height > 2 ? lanes : 0);
    int u3 = u2 + (height > 3 ? lanes : 0);
    for (int l = 0; l < lanes; l += LANES) {
      s0 = s0.add(DoubleVector.fromArray(SPECIES, u, u0 + l));
      s1 = s1.add(DoubleVector.fromArray(SPECIES, u, u1 + l));
      s2 = s2.add(DoubleVector.fromArray(SPECIES, u, u2 + l));
      s3 = s3.add(DoubleVector.fromArray(SPECIES, u, u3 + l));
    }
    s0.intoArray(sums, part);
    s1.intoArray(sums, part + LANES);
    s2.intoArray(sums, part + 2 * LANES);
    s3.intoArray(sums, part + 3 * LANES);
  }
}
