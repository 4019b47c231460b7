package io.gradlens.model.layer;

import io.gradlens.kernel.ConvolutionArithmetic;

/**
 * The geometry of a convolution or pooling over rows and columns.
 *
 * <p>With e = d·(k−1)+1, the extent of the dilated kernel, an input of n gives ⌈n/s⌉ outputs with
 * {@code same} padding (TensorFlow's: the odd row or column goes to the bottom or right) and ⌊(n +
 * 2p − e)/s⌋ + 1 otherwise.
 *
 * @param kernelH rows of the kernel
 * @param kernelW columns of the kernel
 * @param strideH s along rows
 * @param strideW s along columns
 * @param dilationH d along rows
 * @param dilationW d along columns
 * @param same TensorFlow's {@code same} padding; {@code padH} and {@code padW} are then 0
 * @param padH p, rows added above and below
 * @param padW p, columns added left and right
 */
public record Window(
    int kernelH,
    int kernelW,
    int strideH,
    int strideW,
    int dilationH,
    int dilationW,
    boolean same,
    int padH,
    int padW) {

  public static Window of(int kernelH, int kernelW, int strideH, int strideW, boolean same) {
    return new Window(kernelH, kernelW, strideH, strideW, 1, 1, same, 0, 0);
  }

  /** The window of the operation's transpose: stride 1, no padding. */
  Window dense() {
    return new Window(kernelH, kernelW, 1, 1, dilationH, dilationW, false, 0, 0);
  }

  /** The window of the same operation with a kernel that has zeros between its entries. */
  Window undilated() {
    return new Window(
        ConvolutionArithmetic.extent(kernelH, dilationH),
        ConvolutionArithmetic.extent(kernelW, dilationW),
        strideH,
        strideW,
        1,
        1,
        same,
        padH,
        padW);
  }

  /**
   * Integer arguments of ND4J's convolutions, channels last, kernel {@code [kh,kw,in,out]}.
   *
   * @param rows of the input; where {@code same} adds nothing to it, ND4J is told so: it would
   *     compute a negative padding for kernels smaller than their stride
   * @param columns of the input
   */
  int[] arguments(long rows, long columns) {
    boolean padded =
        total((int) rows, kernelH, strideH, dilationH) > 0
            || total((int) columns, kernelW, strideW, dilationW) > 0;
    int channelsLast = 1;
    int kernelLayout = 0;
    return new int[] {
      kernelH,
      kernelW,
      strideH,
      strideW,
      padH,
      padW,
      dilationH,
      dilationW,
      same && padded ? 1 : 0,
      channelsLast,
      kernelLayout
    };
  }

  /** Output rows for n input rows; −1 where n is free. */
  public int outputRows(int n) {
    return extent(n, kernelH, strideH, dilationH, padH);
  }

  /** Output columns for n input columns; −1 where n is free. */
  public int outputColumns(int n) {
    return extent(n, kernelW, strideW, dilationW, padW);
  }

  /** Rows added above the input of n rows. */
  int padTop(int n) {
    return before(n, kernelH, strideH, dilationH, padH);
  }

  /** Columns added left of the input of n columns. */
  int padLeft(int n) {
    return before(n, kernelW, strideW, dilationW, padW);
  }

  private int extent(int n, int kernel, int stride, int dilation, int pad) {
    if (n < 0) {
      return -1;
    }
    return same
        ? ConvolutionArithmetic.same(n, stride)
        : ConvolutionArithmetic.valid(
            n + 2 * pad, ConvolutionArithmetic.extent(kernel, dilation), stride);
  }

  private int before(int n, int kernel, int stride, int dilation, int pad) {
    return same ? total(n, kernel, stride, dilation) / 2 : pad;
  }

  /** What {@code same} adds to n rows, above and below together. */
  private static int total(int n, int kernel, int stride, int dilation) {
    return ConvolutionArithmetic.samePadding(
        n, ConvolutionArithmetic.extent(kernel, dilation), stride);
  }
}
