package io.gradlens.kernel;

/**
 * Runs every vector tile until C2 has compiled it: interpreted, a tile is a hundred times slower
 * than a plain loop. It happens once, when the first kernel is asked for, and takes 0.3 to 0.5 s.
 */
@Real
final class VectorWarmUp {
  /** Compiled, a round takes 1 µs; interpreted, hundreds. */
  private static final long FAST_NANOS = 4_000;

  /** Rounds that must be fast in a row, in case a tile is yet to be compiled again. */
  private static final int FAST_ROUNDS = 100;

  private static final long LONGEST_NANOS = 2_000_000_000;

  private static final boolean READY = isModuleThere() && VectorLaneKernel.isWide() && warmUp();

  private VectorWarmUp() {}

  /** Whether vectors are there, wide enough, and compiled. */
  static boolean isReady() {
    return READY;
  }

  private static boolean isModuleThere() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }

  private static boolean warmUp() {
    VectorLaneKernel kernel = new VectorLaneKernel();
    int rows = 4;
    int lanes = 3 * LaneKernel.LANES;
    @Real double[] x = new @Real double[rows * lanes];
    @Real double[] c = new @Real double[rows * lanes];
    @Real double[][] xs = {x, x};
    double[] g = new double[rows * rows];
    VectorStageLoops sums = new VectorStageLoops();
    VectorNormLoops norms = new VectorNormLoops();
    long begin = System.nanoTime();
    long end = begin;
    int fast = 0;
    while (fast < FAST_ROUNDS && end - begin < LONGEST_NANOS) {
      long start = end;
      kernel.affine(x, null, rows, rows, x, lanes, c, lanes, lanes);
      kernel.affine(x, null, 2, rows, x, lanes, c, lanes, lanes);
      kernel.affine(x, x, rows, rows, x, lanes, c, lanes, LaneKernel.LANES);
      kernel.affine(x, x, 1, rows, x, lanes, c, lanes, LaneKernel.LANES);
      kernel.addGradient(xs, rows, xs, 2, 2, lanes, g, 0);
      kernel.addGradient(xs, rows, xs, 1, 2, lanes, g, 0);
      kernel.addLaneGradient(xs, 2, xs, 1, 2, lanes, c, 0, lanes - 1);
      VectorLanePowers.raise(g, 0.5, g, 8);
      sums.add1(c, x, x, x, 1, lanes);
      sums.add2(c, x, x, x, 1, x, 1, lanes);
      sums.add3(c, x, x, x, 1, x, 1, x, 1, lanes);
      sums.add4(c, x, x, x, 1, x, 1, x, 1, x, 1, lanes);
      sums.add5(c, x, x, x, 1, x, 1, x, 1, x, 1, x, 1, lanes);
      sums.add6(c, x, x, x, 1, x, 1, x, 1, x, 1, x, 1, x, 1, lanes);
      sums.add7(c, x, x, x, 1, x, 1, x, 1, x, 1, x, 1, x, 1, x, 1, lanes);
      norms.squares(x, 0, lanes, x, c, c);
      norms.products(x, x, 0, lanes, x, c, c);
      norms.scale(c, 0, lanes, x, x, 0);
      norms.mask(x, c, 0, lanes, x, x, 0);
      norms.combine(c, x, 0, lanes, x, x, x);
      end = System.nanoTime();
      fast = end - start < FAST_NANOS ? fast + 1 : 0;
    }
    return true;
  }
}
