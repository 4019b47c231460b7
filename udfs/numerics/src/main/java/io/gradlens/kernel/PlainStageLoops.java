package io.gradlens.kernel;

/** The sums as plain loops, which C2 vectorises between a few single elements at either end. */
@Real
final class PlainStageLoops implements StageLoops {

  @Override
  public void add1(
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

  @Override
  public void add2(
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

  @Override
  public void add3(
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

  @Override
  public void add4(
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

  @Override
  public void add5(
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

  @Override
  public void add6(
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

  @Override
  public void add7(
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
