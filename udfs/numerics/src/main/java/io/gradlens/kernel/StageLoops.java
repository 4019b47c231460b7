package io.gradlens.kernel;

/**
 * The loops behind {@link StageSums}, one for each number of terms: out = y + h Σ_j c_j k_j. The
 * sum of the terms is made of two halves, the first one larger by a term where the number is odd;
 * only up to three terms are one.
 */
@Real
interface StageLoops {

  void add1(
      @Real double[] out,
      @Real double[] y,
      @Real double[] h,
      @Real double[] k0,
      @Real double c0,
      int n);

  void add2(
      @Real double[] out,
      @Real double[] y,
      @Real double[] h,
      @Real double[] k0,
      @Real double c0,
      @Real double[] k1,
      @Real double c1,
      int n);

  void add3(
      @Real double[] out,
      @Real double[] y,
      @Real double[] h,
      @Real double[] k0,
      @Real double c0,
      @Real double[] k1,
      @Real double c1,
      @Real double[] k2,
      @Real double c2,
      int n);

  void add4(
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
      int n);

  void add5(
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
      int n);

  void add6(
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
      int n);

  void add7(
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
      int n);
}
