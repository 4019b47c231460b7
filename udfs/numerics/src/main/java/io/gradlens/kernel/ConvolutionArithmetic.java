package io.gradlens.kernel;

/**
 * The arithmetic of convolutional layers: what comes out along an axis, and how many numbers are
 * learnt.
 *
 * <p>Source: Dumoulin and Visin, A guide to convolution arithmetic for deep learning, 2016.
 */
public final class ConvolutionArithmetic {

  private ConvolutionArithmetic() {}

  /**
   * Outputs along an axis without padding: the kernel stays inside, ⌊(n − k)/s⌋ + 1.
   *
   * @param n inputs along the axis
   * @param kernel k; with holes, its {@link #extent}
   * @param stride s
   * @throws IllegalArgumentException if the kernel is larger than the input
   */
  public static int valid(int n, int kernel, int stride) {
    if (n < kernel) {
      throw new IllegalArgumentException(
          "An input of %d is smaller than the kernel of %d".formatted(n, kernel));
    }
    return (n - kernel) / stride + 1;
  }

  /** Outputs along an axis with TensorFlow's {@code same} padding: ⌈n/s⌉, whatever the kernel. */
  public static int same(int n, int stride) {
    return (n + stride - 1) / stride;
  }

  /**
   * What {@code same} padding adds to an axis, at both ends together: max(0, (⌈n/s⌉ − 1) s + k −
   * n). An odd one goes to the far end.
   */
  public static int samePadding(int n, int kernel, int stride) {
    return Math.max(0, (same(n, stride) - 1) * stride + kernel - n);
  }

  /** What a kernel with holes spans: d (k − 1) + 1. */
  public static int extent(int kernel, int dilation) {
    return dilation * (kernel - 1) + 1;
  }

  /**
   * Parameters of a two-dimensional convolution: K₁·K₂·F·C + F.
   *
   * @param kernelH K₁, rows of the kernel
   * @param kernelW K₂, its columns
   * @param filters F, output channels; each has one bias
   * @param channels C, input channels
   */
  public static long parameters(int kernelH, int kernelW, int filters, int channels) {
    return (long) kernelH * kernelW * filters * channels + filters;
  }
}
