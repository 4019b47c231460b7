package io.gradlens.kernel;

import java.util.Arrays;

/** The products as plain loops over single numbers. */
@Real
final class PlainLaneKernel implements LaneKernel {
  private final @Real double[] partial = new @Real double[LANES];

  @Override
  public void affine(
      @Real double[] a,
      @Real double[] b,
      int m,
      int k,
      @Real double[] x,
      int xStride,
      @Real double[] c,
      int cStride,
      int lanes) {
    for (int i = 0; i < m; i++) {
      for (int l = 0; l < lanes; l += 8) {
        eightLanes(a, i * k, b == null ? 0 : b[i], k, x, l, xStride, c, i * cStride + l);
      }
    }
  }

  /** C2 does not vectorise a loop that reads several rows of one array; eight sums keep it busy. */
  private static void eightLanes(
      @Real double[] a,
      int aAt,
      @Real double b,
      int k,
      @Real double[] x,
      int xAt,
      int xStride,
      @Real double[] c,
      int to) {
    @Real double c0 = b;
    @Real double c1 = b;
    @Real double c2 = b;
    @Real double c3 = b;
    @Real double c4 = b;
    @Real double c5 = b;
    @Real double c6 = b;
    @Real double c7 = b;
    for (int q = 0, from = xAt; q < k; q++, from += xStride) {
      @Real double w = a[aAt + q];
      c0 = Math.fma(w, x[from], c0);
      c1 = Math.fma(w, x[from + 1], c1);
      c2 = Math.fma(w, x[from + 2], c2);
      c3 = Math.fma(w, x[from + 3], c3);
      c4 = Math.fma(w, x[from + 4], c4);
      c5 = Math.fma(w, x[from + 5], c5);
      c6 = Math.fma(w, x[from + 6], c6);
      c7 = Math.fma(w, x[from + 7], c7);
    }
    c[to] = c0;
    c[to + 1] = c1;
    c[to + 2] = c2;
    c[to + 3] = c3;
    c[to + 4] = c4;
    c[to + 5] = c5;
    c[to + 6] = c6;
    c[to + 7] = c7;
  }

  @Override
  public void addGradient(
      @Real double[][] z,
      int m,
      @Real double[][] x,
      int k,
      int count,
      int lanes,
      double[] g,
      int gAt) {
    for (int i = 0; i < m; i++) {
      for (int j = 0; j <= k; j++) {
        Arrays.fill(partial, 0);
        for (int s = 0; s < count; s++) {
          addProducts(z[s], i * lanes, x[s], j * lanes, lanes);
        }
        g[gAt + (j < k ? i * k + j : m * k + i)] += LaneTree.sum(partial, 0);
      }
    }
  }

  private void addProducts(@Real double[] a, int aAt, @Real double[] b, int bAt, int lanes) {
    for (int l = 0; l < lanes; l += LANES) {
      for (int j = 0; j < LANES; j++) {
        partial[j] = Math.fma(a[aAt + l + j], b[bAt + l + j], partial[j]);
      }
    }
  }

  @Override
  public void addLaneGradient(
      @Real double[][] z,
      int m,
      @Real double[][] x,
      int k,
      int count,
      int stride,
      @Real double[] g,
      int gAt,
      int lanes) {
    for (int i = 0; i < m; i++) {
      for (int j = 0; j <= k; j++) {
        int to = gAt + (j < k ? i * k + j : m * k + i) * lanes;
        for (int s = 0; s < count; s++) {
          addLaneProducts(z[s], i * stride, x[s], j * stride, g, to, lanes);
        }
      }
    }
  }

  private static void addLaneProducts(
      @Real double[] z, int zAt, @Real double[] x, int xAt, @Real double[] g, int to, int lanes) {
    for (int l = 0; l < lanes; l++) {
      g[to + l] = Math.fma(z[zAt + l], x[xAt + l], g[to + l]);
    }
  }
}
