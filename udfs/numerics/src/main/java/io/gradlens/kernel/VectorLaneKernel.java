package io.gradlens.kernel;

/** The products cut into tiles, which {@link AffineTiles} and {@link OuterTiles} compute. */
@Real
final class VectorLaneKernel implements LaneKernel {
  private static final int L = AffineTiles.L;

  private final @Real double[] partial = new @Real double[OuterTiles.SUMS * LANES];

  /** True where vectors are wide enough to be worth it, and no wider than a unit of lanes. */
  static boolean isWide() {
    return AffineTiles.SPECIES.vectorBitSize() >= 256;
  }

  /**
   * Tiles overlap at the edges of C, where they write the same numbers twice. Columns are the outer
   * loop, so that a panel of X is read from the nearest cache.
   */
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
    if (lanes < 3 * L) {
      for (int j = 0; j < lanes; j += L) {
        narrowPanel(a, b, m, k, x, j, xStride, c, cStride);
      }
      return;
    }
    for (int j = 0; j < lanes; j += 3 * L) {
      widePanel(a, b, m, k, x, Math.min(j, lanes - 3 * L), xStride, c, cStride);
    }
  }

  private static void widePanel(
      @Real double[] a,
      @Real double[] b,
      int m,
      int k,
      @Real double[] x,
      int at,
      int xStride,
      @Real double[] c,
      int cStride) {
    if (m < 4) {
      for (int i = 0; i < m; i += 2) {
        AffineTiles.twoByThree(a, b, i, Math.min(i + 1, m - 1), k, x, at, xStride, c, cStride);
      }
      return;
    }
    for (int i = 0; i < m; i += 4) {
      AffineTiles.fourByThree(a, b, Math.min(i, m - 4), k, x, at, xStride, c, cStride);
    }
  }

  private static void narrowPanel(
      @Real double[] a,
      @Real double[] b,
      int m,
      int k,
      @Real double[] x,
      int at,
      int xStride,
      @Real double[] c,
      int cStride) {
    if (m < 4) {
      for (int i = 0; i < m; i++) {
        AffineTiles.oneByOne(a, b, i, k, x, at, xStride, c, cStride);
      }
      return;
    }
    for (int i = 0; i < m; i += 4) {
      AffineTiles.fourByOne(a, b, Math.min(i, m - 4), k, x, at, xStride, c, cStride);
    }
  }

  /** The matrix with more rows takes the tile's longer side; Z·X is X·Z, bit for bit. */
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
    boolean tall = m > k;
    int rows = tall ? m : k + 1;
    int columns = tall ? k + 1 : m;
    for (int i = 0; i < rows; i += 4) {
      int height = Math.min(4, rows - i);
      for (int j = 0; j < columns; ) {
        int width = columns - j == 3 || columns - j > 4 ? 3 : Math.min(2, columns - j);
        sumTile(tall ? z : x, i, rows, tall ? x : z, j, columns, width, count, lanes);
        int tile = Math.max(2, width);
        for (int r = 0; r < height; r++) {
          for (int s = 0; s < width; s++) {
            int out = tall ? i + r : j + s;
            int in = tall ? j + s : i + r;
            int to = gAt + (in < k ? out * k + in : m * k + out);
            g[to] += LaneTree.sum(partial, (tile * r + s) * LANES);
          }
        }
        j += width;
      }
    }
  }

  private void sumTile(
      @Real double[][] u,
      int i,
      int rows,
      @Real double[][] v,
      int j,
      int columns,
      int width,
      int count,
      int lanes) {
    for (int part = 0; part < LANES; part += L) {
      if (width == 3) {
        OuterTiles.fourByThree(u, i, rows - 1, v, j, count, lanes, part, partial);
      } else {
        OuterTiles.fourByTwo(u, i, rows - 1, v, j, columns - 1, count, lanes, part, partial);
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
        OuterTiles.lanes(z, i * stride, x, j * stride, count, g, to, lanes);
      }
    }
  }
}
