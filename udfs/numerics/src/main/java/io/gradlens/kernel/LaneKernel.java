package io.gradlens.kernel;

/**
 * What a network's layers are made of, for many lanes at once.
 *
 * <p>A matrix of lanes, {@code [rows][lanes]}, is stored row after row with a stride of at least
 * {@code lanes} from one row to the next; lanes come in multiples of {@link #LANES}.
 *
 * <p>There are two implementations, plain loops and vectors, and every output is the same sequence
 * of fused operations in both. A lane's products run over k in order. Sums over lanes are {@link
 * #LANES} partial sums, one for the lanes at each place modulo {@link #LANES}, combined in a fixed
 * tree. So neither the implementation nor the width of the vectors changes a bit.
 *
 * <p>An instance holds scratch memory: it belongs to one thread at a time.
 */
@Real
public interface LaneKernel {

  /** Lanes come in multiples of this: the numbers of 64 bytes. */
  int LANES = lanes();

  // Not a constant expression: javac 17 fails on an annotation in one that another class reads
  // first, and which class is first depends on where the sources lie.
  private static int lanes() {
    @Real double tenth = (@Real double) 0.1;
    return tenth == 0.1 ? 8 : 16;
  }

  /** The fastest implementation of this JVM, ready to run at full speed. */
  static LaneKernel fastest() {
    return VectorWarmUp.isReady() ? new VectorLaneKernel() : plain();
  }

  /** Plain loops: the same bits without {@code --add-modules jdk.incubator.vector}. */
  static LaneKernel plain() {
    return new PlainLaneKernel();
  }

  /**
   * A good distance between rows: the lanes, filled up to a multiple of {@link #LANES}, and one
   * such unit more where rows would otherwise fall into few sets of a cache.
   */
  static int stride(int lanes) {
    int units = (lanes + LANES - 1) / LANES;
    return (units % 8 == 0 ? units + 1 : units) * LANES;
  }

  /**
   * C = A·X + b.
   *
   * @param a {@code [m][k]}
   * @param b {@code [m]}, or null for zeros
   * @param x {@code [k][lanes]}, rows {@code xStride} apart
   * @param c overwritten, {@code [m][lanes]}, rows {@code cStride} apart; not x
   */
  void affine(
      @Real double[] a,
      @Real double[] b,
      int m,
      int k,
      @Real double[] x,
      int xStride,
      @Real double[] c,
      int cStride,
      int lanes);

  /**
   * Adds what {@link #affine} does to A and b, backwards: Σ Z·Xᵀ and Σ Z·1, summed over pairs of
   * matrices and their lanes.
   *
   * @param z matrices {@code [m][lanes]} without gaps between rows: cotangents of C
   * @param x matrices {@code [k + 1][lanes]}, likewise, with a last row of ones
   * @param count how many pairs there are
   * @param g the sums are added, {@code [m][k]} and then {@code [m]}, from {@code gAt} on
   */
  void addGradient(
      @Real double[][] z,
      int m,
      @Real double[][] x,
      int k,
      int count,
      int lanes,
      double[] g,
      int gAt);

  /**
   * The same lane by lane, over pairs only, in their order.
   *
   * @param stride from row to row of z and x
   * @param g the sums are added, {@code [m][k][lanes]} and then {@code [m][lanes]}, from {@code
   *     gAt} on
   * @param lanes any number up to {@code stride}
   */
  void addLaneGradient(
      @Real double[][] z,
      int m,
      @Real double[][] x,
      int k,
      int count,
      int stride,
      @Real double[] g,
      int gAt,
      int lanes);
}
