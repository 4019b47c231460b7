package io.gradlens.kernel;

import java.util.stream.IntStream;

/**
 * The sums of a Runge–Kutta step, out = y + h Σ_j c_ij k_j, element by element, for the rows i of a
 * matrix c.
 *
 * <p>Every loop is plain, so that C2 vectorises it, and every element is the same sequence of fused
 * operations wherever it stands. Step sizes come spread out over the elements, one each: lanes may
 * differ in theirs, and there is one loop all the same.
 */
@Real
public final class StageSums {
  private static final int MOST = 7;

  private final int[][] stages;
  private final @Real double[][] weights;

  /**
   * @param rows c; zeros cost nothing
   */
  public StageSums(double[][] rows) {
    stages = new int[rows.length][];
    weights = new @Real double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      double[] row = rows[i];
      stages[i] = IntStream.range(0, row.length).filter(j -> row[j] != 0).toArray();
      weights[i] = new @Real double[stages[i].length];
      for (int j = 0; j < stages[i].length; j++) {
        weights[i][j] = (@Real double) row[stages[i][j]];
      }
    }
  }

  /**
   * Computes out = y + h Σ_j c_ij k_j for elements from 0 to {@code n}.
   *
   * @param row i
   * @param out overwritten; may be y
   * @param h the step size of every element
   * @param k the slopes, one array a stage
   */
  public void add(
      int row, @Real double[] out, @Real double[] y, @Real double[] h, @Real double[][] k, int n) {
    int[] s = stages[row];
    @Real double[] c = weights[row];
    int done = Math.min(MOST, s.length);
    addSome(out, y, h, k, s, c, 0, done, n);
    for (int from = done; from < s.length; from = done) {
      done = Math.min(from + MOST, s.length);
      addSome(out, out, h, k, s, c, from, done - from, n);
    }
  }

  private static void addSome(
      @Real double[] out,
      @Real double[] y,
      @Real double[] h,
      @Real double[][] k,
      int[] s,
      @Real double[] c,
      int at,
      int terms,
      int n) {
    switch (terms) {
      case 0 -> {
        if (out != y) {
          System.arraycopy(y, 0, out, 0, n);
        }
      }
      case 1 -> add1(out, y, h, k[s[at]], c[at], n);
      case 2 -> add2(out, y, h, k[s[at]], c[at], k[s[at + 1]], c[at + 1], n);
      case 3 ->
          add3(out, y, h, k[s[at]], c[at], k[s[at + 1]], c[at + 1], k[s[at + 2]], c[at + 2], n);
      case 4 ->
          add4(
              out,
              y,
              h,
              k[s[at]],
              c[at],
              k[s[at + 1]],
              c[at + 1],
              k[s[at + 2]],
              c[at + 2],
              k[s[at + 3]],
              c[at + 3],
              n);
      case 5 ->
          add5(
              out,
              y,
              h,
              k[s[at]],
              c[at],
              k[s[at + 1]],
              c[at + 1],
              k[s[at + 2]],
              c[at + 2],
              k[s[at + 3]],
              c[at + 3],
              k[s[at + 4]],
              c[at + 4],
              n);
      case 6 ->
          add6(
              out,
              y,
              h,
              k[s[at]],
              c[at],
              k[s[at + 1]],
              c[at + 1],
              k[s[at + 2]],
              c[at + 2],
              k[s[at + 3]],
              c[at + 3],
              k[s[at + 4]],
              c[at + 4],
              k[s[at + 5]],
              c[at + 5],
              n);
      default ->
          add7(
              out,
              y,
              h,
              k[s[at]],
              c[at],
              k[s[at + 1]],
              c[at + 1],
              k[s[at + 2]],
              c[at + 2],
              k[s[at + 3]],
              c[at + 3],
              k[s[at + 4]],
              c[at + 4],
              k[s[at + 5]],
              c[at + 5],
              k[s[at + 6]],
              c[at + 6],
              n);
    }
  }

  private static void add1(
      @Real double[] out,
      @Real double[] y,
      @Real double[] h,
      @Real double[] k0,
      @Real double c0,
      int n) {
    for (int i = 0; i < n; i++) {
      out[i] = Math.fma(h[i], c0 * k0[i], y[i]);
    }
  }

  private static void add2(
      @Real double[] out,
      @Real double[] y,
      @Real double[] h,
      @Real double[] k0,
      @Real double c0,
      @Real double[] k1,
      @Real double c1,
      int n) {
    for (int i = 0; i < n; i++) {
      out[i] = Math.fma(h[i], Math.fma(c1, k1[i], c0 * k0[i]), y[i]);
    }
  }

  private static void add3(
      @Real double[] out,
      @Real double[] y,
      @Real double[] h,
      @Real double[] k0,
      @Real double c0,
      @Real double[] k1,
      @Real double c1,
      @Real double[] k2,
      @Real double c2,
      int n) {
    for (int i = 0; i < n; i++) {
      out[i] = Math.fma(h[i], Math.fma(c2, k2[i], Math.fma(c1, k1[i], c0 * k0[i])), y[i]);
    }
  }

  private static void add4(
      @Real double[] out,
      @Real double[] y,
      @Real double[] h,
      @Real double[] k0,
      @Real double c0,
      @Real double[] k1,
      @Real double c1,
      @Real double[] k2,
      @Real double c2,
      @Real double[] k3,
      @Real double c3,
      int n) {
    for (int i = 0; i < n; i++) {
      @Real double sum = Math.fma(c1, k1[i], c0 * k0[i]) + Math.fma(c3, k3[i], c2 * k2[i]);
      out[i] = Math.fma(h[i], sum, y[i]);
    }
  }

  private static void add5(
      @Real double[] out,
      @Real double[] y,
      @Real double[] h,
      @Real double[] k0,
      @Real double c0,
      @Real double[] k1,
      @Real double c1,
      @Real double[] k2,
      @Real double c2,
      @Real double[] k3,
      @Real double c3,
      @Real double[] k4,
      @Real double c4,
      int n) {
    for (int i = 0; i < n; i++) {
      @Real
      double sum =
          Math.fma(c2, k2[i], Math.fma(c1, k1[i], c0 * k0[i])) + Math.fma(c4, k4[i], c3 * k3[i]);
      out[i] = Math.fma(h[i], sum, y[i]);
    }
  }

  private static void add6(
      @Real double[] out,
      @Real double[] y,
      @Real double[] h,
      @Real double[] k0,
      @Real double c0,
      @Real double[] k1,
      @Real double c1,
      @Real double[] k2,
      @Real double c2,
      @Real double[] k3,
      @Real double c3,
      @Real double[] k4,
      @Real double c4,
      @Real double[] k5,
      @Real double c5,
      int n) {
    for (int i = 0; i < n; i++) {
      @Real
      double sum =
          Math.fma(c2, k2[i], Math.fma(c1, k1[i], c0 * k0[i]))
              + Math.fma(c5, k5[i], Math.fma(c4, k4[i], c3 * k3[i]));
      out[i] = Math.fma(h[i], sum, y[i]);
    }
  }

  private static void add7(
      @Real double[] out,
      @Real double[] y,
      @Real double[] h,
      @Real double[] k0,
      @Real double c0,
      @Real double[] k1,
      @Real double c1,
      @Real double[] k2,
      @Real double c2,
      @Real double[] k3,
      @Real double c3,
      @Real double[] k4,
      @Real double c4,
      @Real double[] k5,
      @Real double c5,
      @Real double[] k6,
      @Real double c6,
      int n) {
    for (int i = 0; i < n; i++) {
      @Real
      double sum =
          Math.fma(c3, k3[i], Math.fma(c2, k2[i], Math.fma(c1, k1[i], c0 * k0[i])))
              + Math.fma(c6, k6[i], Math.fma(c5, k5[i], c4 * k4[i]));
      out[i] = Math.fma(h[i], sum, y[i]);
    }
  }
}
