package io.gradlens.kernel;

/** The loops number by number. */
@Real
final class PlainNormLoops implements NormLoops {

  @Override
  public void squares(
      @Real double[] x,
      int from,
      int length,
      @Real double[] middle,
      @Real double[] sum,
      @Real double[] sum2) {
    squares(x, from, 0, length, middle, sum, sum2);
  }

  /** From element {@code i} on. */
  static void squares(
      @Real double[] x,
      int from,
      int i,
      int length,
      @Real double[] middle,
      @Real double[] sum,
      @Real double[] sum2) {
    for (; i < length; i++) {
      @Real double away = x[from + i] - middle[i];
      sum[i] += x[from + i];
      sum2[i] = Math.fma(away, away, sum2[i]);
    }
  }

  @Override
  public void products(
      @Real double[] x,
      @Real double[] g,
      int from,
      int length,
      @Real double[] middle,
      @Real double[] sum,
      @Real double[] sum2) {
    products(x, g, from, 0, length, middle, sum, sum2);
  }

  static void products(
      @Real double[] x,
      @Real double[] g,
      int from,
      int i,
      int length,
      @Real double[] middle,
      @Real double[] sum,
      @Real double[] sum2) {
    for (; i < length; i++) {
      sum[i] += g[from + i];
      sum2[i] = Math.fma(g[from + i], x[from + i] - middle[i], sum2[i]);
    }
  }

  @Override
  public void scale(
      @Real double[] x,
      int from,
      int length,
      @Real double[] a,
      @Real double[] b,
      @Real double floor) {
    scale(x, from, 0, length, a, b, floor);
  }

  static void scale(
      @Real double[] x,
      int from,
      int i,
      int length,
      @Real double[] a,
      @Real double[] b,
      @Real double floor) {
    for (; i < length; i++) {
      x[from + i] = Math.max(floor, Math.fma(a[i], x[from + i], b[i]));
    }
  }

  @Override
  public void mask(
      @Real double[] x,
      @Real double[] g,
      int from,
      int length,
      @Real double[] a,
      @Real double[] b,
      @Real double floor) {
    mask(x, g, from, 0, length, a, b, floor);
  }

  static void mask(
      @Real double[] x,
      @Real double[] g,
      int from,
      int i,
      int length,
      @Real double[] a,
      @Real double[] b,
      @Real double floor) {
    for (; i < length; i++) {
      if (!(Math.fma(a[i], x[from + i], b[i]) > floor)) {
        g[from + i] = 0;
      }
    }
  }

  @Override
  public void combine(
      @Real double[] g,
      @Real double[] x,
      int from,
      int length,
      @Real double[] a,
      @Real double[] b,
      @Real double[] c) {
    combine(g, x, from, 0, length, a, b, c);
  }

  static void combine(
      @Real double[] g,
      @Real double[] x,
      int from,
      int i,
      int length,
      @Real double[] a,
      @Real double[] b,
      @Real double[] c) {
    for (; i < length; i++) {
      g[from + i] = Math.fma(a[i], g[from + i], Math.fma(b[i], x[from + i], c[i]));
    }
  }
}
