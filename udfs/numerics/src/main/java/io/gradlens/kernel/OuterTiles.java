package io.gradlens.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tiles of Σ U·Vᵀ over several pairs of matrices and, mostly, their lanes: partial sums stay in
 * registers. A vector that is narrower than a unit of {@link LaneKernel#LANES} takes one part of
 * every unit at a time, from place {@code part} on.
 *
 * <p>All lanes of all pairs are one loop: in two nested ones C2 keeps the sums in memory.
 */
@Real
final class OuterTiles {
  /** Sums of the larger tile. */
  static final int SUMS = 12;

  private static final VectorSpecies<@Real Double> SPECIES = AffineTiles.SPECIES;
  private static final int LANES = LaneKernel.LANES;

  private OuterTiles() {}

  /**
   * Four rows of U, from {@code i} on, times three of V, from {@code j} on.
   *
   * @param lastRow of U: it stands in for rows beyond it
   * @param sums overwritten: places {@code part} and following of {@code [4][3][LANES]}
   */
  static void fourByThree(
      @Real double[][] u,
      int i,
      int lastRow,
      @Real double[][] v,
      int j,
      int count,
      int lanes,
      int part,
      @Real double[] sums) {
    DoubleVector s00 = DoubleVector.zero(SPECIES);
    DoubleVector s01 = s00;
    DoubleVector s02 = s00;
    DoubleVector s10 = s00;
    DoubleVector s11 = s00;
    DoubleVector s12 = s00;
    DoubleVector s20 = s00;
    DoubleVector s21 = s00;
    DoubleVector s22 = s00;
    DoubleVector s30 = s00;
    DoubleVector s31 = s00;
    DoubleVector s32 = s00;
    int u0 = i * lanes + part;
    int u1 = Math.min(i + 1, lastRow) * lanes + part;
    int u2 = Math.min(i + 2, lastRow) * lanes + part;
    int u3 = Math.min(i + 3, lastRow) * lanes + part;
    int v0 = j * lanes + part;
    int v1 = v0 + lanes;
    int v2 = v1 + lanes;
    @Real double[] us = u[0];
    @Real double[] vs = v[0];
    int l = 0;
    int pair = 0;
    int steps = count * (lanes / LANES);
    for (int step = 0; step < steps; step++) {
      if (l == lanes) {
        l = 0;
        pair++;
        us = u[pair];
        vs = v[pair];
      }
      DoubleVector x0 = DoubleVector.fromArray(SPECIES, vs, v0 + l);
      DoubleVector x1 = DoubleVector.fromArray(SPECIES, vs, v1 + l);
      DoubleVector x2 = DoubleVector.fromArray(SPECIES, vs, v2 + l);
      DoubleVector w = DoubleVector.fromArray(SPECIES, us, u0 + l);
      s00 = w.fma(x0, s00);
      s01 = w.fma(x1, s01);
      s02 = w.fma(x2, s02);
      w = DoubleVector.fromArray(SPECIES, us, u1 + l);
      s10 = w.fma(x0, s10);
      s11 = w.fma(x1, s11);
      s12 = w.fma(x2, s12);
      w = DoubleVector.fromArray(SPECIES, us, u2 + l);
      s20 = w.fma(x0, s20);
      s21 = w.fma(x1, s21);
      s22 = w.fma(x2, s22);
      w = DoubleVector.fromArray(SPECIES, us, u3 + l);
      s30 = w.fma(x0, s30);
      s31 = w.fma(x1, s31);
      s32 = w.fma(x2, s32);
      l += LANES;
    }
    s00.intoArray(sums, part);
    s01.intoArray(sums, part + LANES);
    s02.intoArray(sums, part + 2 * LANES);
    s10.intoArray(sums, part + 3 * LANES);
    s11.intoArray(sums, part + 4 * LANES);
    s12.intoArray(sums, part + 5 * LANES);
    s20.intoArray(sums, part + 6 * LANES);
    s21.intoArray(sums, part + 7 * LANES);
    s22.intoArray(sums, part + 8 * LANES);
    s30.intoArray(sums, part + 9 * LANES);
    s31.intoArray(sums, part + 10 * LANES);
    s32.intoArray(sums, part + 11 * LANES);
  }

  /**
   * The same with two rows of V.
   *
   * @param lastColumn V's last row, likewise
   * @param sums overwritten: places {@code part} and following of {@code [4][2][LANES]}
   */
  static void fourByTwo(
      @Real double[][] u,
      int i,
      int lastRow,
      @Real double[][] v,
      int j,
      int lastColumn,
      int count,
      int lanes,
      int part,
      @Real double[] sums) {
    DoubleVector s00 = DoubleVector.zero(SPECIES);
    DoubleVector s01 = s00;
    DoubleVector s10 = s00;
    DoubleVector s11 = s00;
    DoubleVector s20 = s00;
    DoubleVector s21 = s00;
    DoubleVector s30 = s00;
    DoubleVector s31 = s00;
    int u0 = i * lanes + part;
    int u1 = Math.min(i + 1, lastRow) * lanes + part;
    int u2 = Math.min(i + 2, lastRow) * lanes + part;
    int u3 = Math.min(i + 3, lastRow) * lanes + part;
    int v0 = j * lanes + part;
    int v1 = Math.min(j + 1, lastColumn) * lanes + part;
    @Real double[] us = u[0];
    @Real double[] vs = v[0];
    int l = 0;
    int pair = 0;
    int steps = count * (lanes / LANES);
    for (int step = 0; step < steps; step++) {
      if (l == lanes) {
        l = 0;
        pair++;
        us = u[pair];
        vs = v[pair];
      }
      DoubleVector x0 = DoubleVector.fromArray(SPECIES, vs, v0 + l);
      DoubleVector x1 = DoubleVector.fromArray(SPECIES, vs, v1 + l);
      DoubleVector w = DoubleVector.fromArray(SPECIES, us, u0 + l);
      s00 = w.fma(x0, s00);
      s01 = w.fma(x1, s01);
      w = DoubleVector.fromArray(SPECIES, us, u1 + l);
      s10 = w.fma(x0, s10);
      s11 = w.fma(x1, s11);
      w = DoubleVector.fromArray(SPECIES, us, u2 + l);
      s20 = w.fma(x0, s20);
      s21 = w.fma(x1, s21);
      w = DoubleVector.fromArray(SPECIES, us, u3 + l);
      s30 = w.fma(x0, s30);
      s31 = w.fma(x1, s31);
      l += LANES;
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

  /** One row times another, lane by lane; what is left of the last vector goes singly. */
  static void lanes(
      @Real double[][] u,
      int uAt,
      @Real double[][] v,
      int vAt,
      int count,
      @Real double[] g,
      int to,
      int lanes) {
    int l = 0;
    for (; l <= lanes - SPECIES.length(); l += SPECIES.length()) {
      DoubleVector sum = DoubleVector.fromArray(SPECIES, g, to + l);
      for (int s = 0; s < count; s++) {
        DoubleVector w = DoubleVector.fromArray(SPECIES, u[s], uAt + l);
        sum = w.fma(DoubleVector.fromArray(SPECIES, v[s], vAt + l), sum);
      }
      sum.intoArray(g, to + l);
    }
    for (; l < lanes; l++) {
      @Real double sum = g[to + l];
      for (int s = 0; s < count; s++) {
        sum = Math.fma(u[s][uAt + l], v[s][vAt + l], sum);
      }
      g[to + l] = sum;
    }
  }
}
