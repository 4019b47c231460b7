package io.gradlens.kernel;

import java.util.stream.IntStream;

/**
 * The sums of a Runge–Kutta step, out = y + h Σ_j c_ij k_j, element by element, for the rows i of a
 * matrix c.
 *
 * <p>Every element is the same sequence of fused operations wherever it stands, in plain loops and
 * in vectors. Step sizes come spread out over the elements, one each: lanes may differ in theirs,
 * and there is one loop all the same.
 */
@Real
public final class StageSums {
  private static final int MOST = 7;
  private static final StageLoops LOOPS =
      VectorWarmUp.isReady() ? new VectorStageLoops() : new PlainStageLoops();

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
   * @param n a multiple of {@link LaneKernel#LANES}
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
      case 1 -> LOOPS.add1(out, y, h, k[s[at]], c[at], n);
      case 2 -> LOOPS.add2(out, y, h, k[s[at]], c[at], k[s[at + 1]], c[at + 1], n);
      case 3 ->
          LOOPS.add3(
              out, y, h, k[s[at]], c[at], k[s[at + 1]], c[at + 1], k[s[at + 2]], c[at + 2], n);
      case 4 ->
          LOOPS.add4(
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
          LOOPS.add5(
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
          LOOPS.add6(
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
          LOOPS.add7(
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
}
