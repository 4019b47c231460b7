package io.gradlens.kernel;

/**
 * The loops behind {@link ImageGroupNorm}, over {@code length} numbers of an image from {@code
 * from} on; rows of parameters and sums begin at 0. Element i of a sum depends on elements i alone.
 */
@Real
interface NormLoops {

  /** sum += x, sum2 += (x − middle)². */
  void squares(
      @Real double[] x,
      int from,
      int length,
      @Real double[] middle,
      @Real double[] sum,
      @Real double[] sum2);

  /** sum += g, sum2 += g (x − middle). */
  void products(
      @Real double[] x,
      @Real double[] g,
      int from,
      int length,
      @Real double[] middle,
      @Real double[] sum,
      @Real double[] sum2);

  /** x = max(floor, a x + b). */
  void scale(
      @Real double[] x,
      int from,
      int length,
      @Real double[] a,
      @Real double[] b,
      @Real double floor);

  /** g = 0 where a x + b is not above the floor. */
  void mask(
      @Real double[] x,
      @Real double[] g,
      int from,
      int length,
      @Real double[] a,
      @Real double[] b,
      @Real double floor);

  /** g = a g + b x + c. */
  void combine(
      @Real double[] g,
      @Real double[] x,
      int from,
      int length,
      @Real double[] a,
      @Real double[] b,
      @Real double[] c);
}
