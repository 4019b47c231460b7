package io.gradlens.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tiles of C = A·X + b whose sums stay in registers: rows times vectors of lanes. Twelve sums and
 * the four vectors that feed them are what 16 registers hold, and enough to keep two units busy.
 *
 * <p>What a tile multiplies: rows of a from row {@code i} on, each {@code k} long, and vectors of x
 * from {@code at} on.
 */
@Real
final class AffineTiles {
  static final VectorSpecies<@Real Double> SPECIES =
      DoubleVector.SPECIES_PREFERRED.vectorBitSize() > DoubleVector.SPECIES_512.vectorBitSize()
          ? DoubleVector.SPECIES_512
          : DoubleVector.SPECIES_PREFERRED;

  /** Lanes of a vector. */
  static final int L = SPECIES.length();

  private AffineTiles() {}

  static void fourByThree(
      @Real double[] a,
      @Real double[] b,
      int i,
      int k,
      @Real double[] x,
      int at,
      int xStride,
      @Real double[] c,
      int cStride) {
    DoubleVector c00 = bias(b, i);
    DoubleVector c01 = c00;
    DoubleVector c02 = c00;
    DoubleVector c10 = bias(b, i + 1);
    DoubleVector c11 = c10;
    DoubleVector c12 = c10;
    DoubleVector c20 = bias(b, i + 2);
    DoubleVector c21 = c20;
    DoubleVector c22 = c20;
    DoubleVector c30 = bias(b, i + 3);
    DoubleVector c31 = c30;
    DoubleVector c32 = c30;
    int a0 = i * k;
    int a1 = a0 + k;
    int a2 = a1 + k;
    int a3 = a2 + k;
    for (int q = 0, from = at; q < k; q++, from += xStride) {
      DoubleVector x0 = DoubleVector.fromArray(SPECIES, x, from);
      DoubleVector x1 = DoubleVector.fromArray(SPECIES, x, from + L);
      DoubleVector x2 = DoubleVector.fromArray(SPECIES, x, from + 2 * L);
      DoubleVector w = DoubleVector.broadcast(SPECIES, a[a0 + q]);
      c00 = w.fma(x0, c00);
      c01 = w.fma(x1, c01);
      c02 = w.fma(x2, c02);
      w = DoubleVector.broadcast(SPECIES, a[a1 + q]);
      c10 = w.fma(x0, c10);
      c11 = w.fma(x1, c11);
      c12 = w.fma(x2, c12);
      w = DoubleVector.broadcast(SPECIES, a[a2 + q]);
      c20 = w.fma(x0, c20);
      c21 = w.fma(x1, c21);
      c22 = w.fma(x2, c22);
      w = DoubleVector.broadcast(SPECIES, a[a3 + q]);
      c30 = w.fma(x0, c30);
      c31 = w.fma(x1, c31);
      c32 = w.fma(x2, c32);
    }
    int to = i * cStride + at;
    c00.intoArray(c, to);
    c01.intoArray(c, to + L);
    c02.intoArray(c, to + 2 * L);
    to += cStride;
    c10.intoArray(c, to);
    c11.intoArray(c, to + L);
    c12.intoArray(c, to + 2 * L);
    to += cStride;
    c20.intoArray(c, to);
    c21.intoArray(c, to + L);
    c22.intoArray(c, to + 2 * L);
    to += cStride;
    c30.intoArray(c, to);
    c31.intoArray(c, to + L);
    c32.intoArray(c, to + 2 * L);
  }

  /** Rows {@code i} and {@code i1}, which may be the same. */
  static void twoByThree(
      @Real double[] a,
      @Real double[] b,
      int i,
      int i1,
      int k,
      @Real double[] x,
      int at,
      int xStride,
      @Real double[] c,
      int cStride) {
    DoubleVector c00 = bias(b, i);
    DoubleVector c01 = c00;
    DoubleVector c02 = c00;
    DoubleVector c10 = bias(b, i1);
    DoubleVector c11 = c10;
    DoubleVector c12 = c10;
    int a0 = i * k;
    int a1 = i1 * k;
    for (int q = 0, from = at; q < k; q++, from += xStride) {
      DoubleVector x0 = DoubleVector.fromArray(SPECIES, x, from);
      DoubleVector x1 = DoubleVector.fromArray(SPECIES, x, from + L);
      DoubleVector x2 = DoubleVector.fromArray(SPECIES, x, from + 2 * L);
      DoubleVector w = DoubleVector.broadcast(SPECIES, a[a0 + q]);
      c00 = w.fma(x0, c00);
      c01 = w.fma(x1, c01);
      c02 = w.fma(x2, c02);
      w = DoubleVector.broadcast(SPECIES, a[a1 + q]);
      c10 = w.fma(x0, c10);
      c11 = w.fma(x1, c11);
      c12 = w.fma(x2, c12);
    }
    int to = i * cStride + at;
    c00.intoArray(c, to);
    c01.intoArray(c, to + L);
    c02.intoArray(c, to + 2 * L);
    to = i1 * cStride + at;
    c10.intoArray(c, to);
    c11.intoArray(c, to + L);
    c12.intoArray(c, to + 2 * L);
  }

  static void fourByOne(
      @Real double[] a,
      @Real double[] b,
      int i,
      int k,
      @Real double[] x,
      int at,
      int xStride,
      @Real double[] c,
      int cStride) {
    DoubleVector c0 = bias(b, i);
    DoubleVector c1 = bias(b, i + 1);
    DoubleVector c2 = bias(b, i + 2);
    DoubleVector c3 = bias(b, i + 3);
    int a0 = i * k;
    int a1 = a0 + k;
    int a2 = a1 + k;
    int a3 = a2 + k;
    for (int q = 0, from = at; q < k; q++, from += xStride) {
      DoubleVector x0 = DoubleVector.fromArray(SPECIES, x, from);
      c0 = x0.fma(DoubleVector.broadcast(SPECIES, a[a0 + q]), c0);
      c1 = x0.fma(DoubleVector.broadcast(SPECIES, a[a1 + q]), c1);
      c2 = x0.fma(DoubleVector.broadcast(SPECIES, a[a2 + q]), c2);
      c3 = x0.fma(DoubleVector.broadcast(SPECIES, a[a3 + q]), c3);
    }
    int to = i * cStride + at;
    c0.intoArray(c, to);
    c1.intoArray(c, to + cStride);
    c2.intoArray(c, to + 2 * cStride);
    c3.intoArray(c, to + 3 * cStride);
  }

  static void oneByOne(
      @Real double[] a,
      @Real double[] b,
      int i,
      int k,
      @Real double[] x,
      int at,
      int xStride,
      @Real double[] c,
      int cStride) {
    DoubleVector sum = bias(b, i);
    for (int q = 0, from = at; q < k; q++, from += xStride) {
      DoubleVector w = DoubleVector.broadcast(SPECIES, a[i * k + q]);
      sum = w.fma(DoubleVector.fromArray(SPECIES, x, from), sum);
    }
    sum.intoArray(c, i * cStride + at);
  }

  private static DoubleVector bias(@Real double[] b, int i) {
    return DoubleVector.broadcast(SPECIES, b == null ? 0 : b[i]);
  }
}
