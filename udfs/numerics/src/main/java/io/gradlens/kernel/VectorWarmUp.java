package io.gradlens.kernel;

/**
 * Runs every vector tile until C2 has compiled it: interpreted, a tile is a hundred times slower
 * than a plain loop. It happens once, when the first kernel is asked for.
 */
@Real
final class VectorWarmUp {
  private static final int ROUNDS = 5000;
  private static final boolean READY = isModuleThere() && VectorLaneProducts.isWide() && warmUp();

  private VectorWarmUp() {}

  /** Whether vectors are there, wide enough, and compiled. */
  static boolean isReady() {
    return READY;
  }

  private static boolean isModuleThere() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }

  private static boolean warmUp() {
    VectorLaneProducts products = new VectorLaneProducts();
    int rows = 4;
    int lanes = 3 * LaneProducts.LANES;
    @Real double[] x = new @Real double[rows * lanes];
    @Real double[] c = new @Real double[rows * lanes];
    @Real double[][] xs = {x};
    double[] g = new double[rows * rows];
    for (int i = 0; i < ROUNDS; i++) {
      products.affine(x, null, rows, rows, x, lanes, c, lanes, lanes);
      products.affine(x, null, 2, rows, x, lanes, c, lanes, lanes);
      products.affine(x, x, rows, rows, x, lanes, c, lanes, LaneProducts.LANES);
      products.affine(x, x, 1, rows, x, lanes, c, lanes, LaneProducts.LANES);
      products.addOuter(xs, rows, xs, rows, 1, lanes, g, 0);
      products.addSums(xs, rows, 1, lanes, g, 0);
    }
    return true;
  }
}
