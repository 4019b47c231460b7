package io.gradlens.kernel;

/**
 * The matrices I − cJ of all lanes, factored one by one (LU with row pivoting), to solve systems
 * with them and with their transposes. In double precision.
 */
@Real
public final class LaneMatrix {
  private final int dim;
  private final int lanes;
  private final double[][] factors;
  private final int[][] pivots;
  private final double[] x;

  /**
   * @param dim rows of a matrix
   * @param lanes how many there are
   */
  public LaneMatrix(int dim, int lanes) {
    this.dim = dim;
    this.lanes = lanes;
    factors = new double[lanes][dim * dim];
    pivots = new int[lanes][dim];
    x = new double[dim];
  }

  /**
   * Factors I − cJ of a lane. A singular matrix gives infinities or NaN in what is solved with it.
   *
   * @param jacobian J, {@code [dim][dim][lanes]}
   */
  public void factor(int lane, double c, @Real double[] jacobian) {
    double[] a = factors[lane];
    for (int i = 0; i < a.length; i++) {
      a[i] = -c * jacobian[i * lanes + lane];
    }
    for (int i = 0; i < dim; i++) {
      a[i * dim + i] += 1;
    }
    for (int j = 0; j < dim; j++) {
      int pivot = j;
      for (int i = j + 1; i < dim; i++) {
        if (Math.abs(a[i * dim + j]) > Math.abs(a[pivot * dim + j])) {
          pivot = i;
        }
      }
      pivots[lane][j] = pivot;
      for (int k = 0; k < dim && pivot != j; k++) {
        double swapped = a[j * dim + k];
        a[j * dim + k] = a[pivot * dim + k];
        a[pivot * dim + k] = swapped;
      }
      for (int i = j + 1; i < dim; i++) {
        double factor = a[i * dim + j] / a[j * dim + j];
        a[i * dim + j] = factor;
        for (int k = j + 1; k < dim; k++) {
          a[i * dim + k] -= factor * a[j * dim + k];
        }
      }
    }
  }

  /**
   * Solves (I − cJ) x = b.
   *
   * @param b overwritten by x, {@code [dim][lanes]}, in this lane
   */
  public void solve(int lane, @Real double[] b) {
    double[] a = factors[lane];
    load(lane, b);
    for (int i = 0; i < dim; i++) {
      swap(i, pivots[lane][i]);
    }
    for (int i = 0; i < dim; i++) {
      for (int k = 0; k < i; k++) {
        x[i] -= a[i * dim + k] * x[k];
      }
    }
    for (int i = dim - 1; i >= 0; i--) {
      for (int k = i + 1; k < dim; k++) {
        x[i] -= a[i * dim + k] * x[k];
      }
      x[i] /= a[i * dim + i];
    }
    store(lane, b);
  }

  /**
   * Solves (I − cJ)ᵀ x = b.
   *
   * @param b overwritten by x, {@code [dim][lanes]}, in this lane
   */
  public void solveTransposed(int lane, @Real double[] b) {
    double[] a = factors[lane];
    load(lane, b);
    for (int i = 0; i < dim; i++) {
      for (int k = 0; k < i; k++) {
        x[i] -= a[k * dim + i] * x[k];
      }
      x[i] /= a[i * dim + i];
    }
    for (int i = dim - 1; i >= 0; i--) {
      for (int k = i + 1; k < dim; k++) {
        x[i] -= a[k * dim + i] * x[k];
      }
    }
    for (int i = dim - 1; i >= 0; i--) {
      swap(i, pivots[lane][i]);
    }
    store(lane, b);
  }

  private void load(int lane, @Real double[] b) {
    for (int i = 0; i < dim; i++) {
      x[i] = b[i * lanes + lane];
    }
  }

  private void store(int lane, @Real double[] b) {
    for (int i = 0; i < dim; i++) {
      b[i * lanes + lane] = (@Real double) x[i];
    }
  }

  private void swap(int i, int k) {
    double swapped = x[i];
    x[i] = x[k];
    x[k] = swapped;
  }
}
