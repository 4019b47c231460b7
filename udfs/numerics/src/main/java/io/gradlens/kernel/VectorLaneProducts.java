package io.gradlens.kernel;

import java.util.Arrays;

/** The products cut into tiles, which {@link AffineTiles} and {@link OuterTiles} compute. */
@Real
final class VectorLaneProducts implements LaneProducts {
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

  /** The matrix with more rows takes the tile's longer side; A·B is B·A, bit for bit. */
  @Override
  public void addOuter(
      @Real double[][] a,
      int m,
      @Real double[][] b,
      int p,
      int count,
      int lanes,
      double[] g,
      int gAt) {
    if (m < p) {
      addOuter(b, p, 1, a, m, p, count, lanes, g, gAt);
    } else {
      addOuter(a, m, p, b, p, 1, count, lanes, g, gAt);
    }
  }

  private void addOuter(
      @Real double[][] u,
      int rows,
      int rowStep,
      @Real double[][] v,
      int columns,
      int columnStep,
      int count,
      int lanes,
      double[] g,
      int gAt) {
    for (int i = 0; i < rows; i += 4) {
      int height = Math.min(4, rows - i);
      for (int j = 0; j < columns; j += 2) {
        int width = Math.min(2, columns - j);
        Arrays.fill(partial, 0);
        for (int s = 0; s < count; s++) {
          for (int part = 0; part < LANES; part += L) {
            OuterTiles.fourByTwo(u[s], i, height, v[s], j, width, lanes, part, partial);
          }
        }
        for (int r = 0; r < height; r++) {
          for (int s = 0; s < width; s++) {
            g[gAt + (i + r) * rowStep + (j + s) * columnStep] +=
                LaneTree.sum(partial, (2 * r + s) * LANES);
          }
        }
      }
    }
  }

  @Override
  public void addSums(@Real double[][] a, int m, int count, int lanes, double[] g, int gAt) {
    for (int i = 0; i < m; i += 4) {
      int height = Math.min(4, m - i);
      Arrays.fill(partial, 0);
      for (int s = 0; s < count; s++) {
        for (int part = 0; part < LANES; part += L) {
          OuterTiles.sums(a[s], i, height, lanes, part, partial);
        }
      }
      for (int r = 0; r < height; r++) {
        g[gAt + i + r] += LaneTree.sum(partial, r * LANES);
      }
    }
  }
}
