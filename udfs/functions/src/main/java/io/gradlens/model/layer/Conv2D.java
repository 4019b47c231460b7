package io.gradlens.model.layer;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Two-dimensional convolution (cross-correlation, as all frameworks have it), y[n,i,j,o] = b[o] + Σ
 * x[n, i·s+u·d−p, j·s+v·d−p, c]·w[u,v,c,o].
 *
 * <p>Channels last because oneDNN runs that layout without reordering: on VGG19 it is 1.24 times as
 * fast as channels first.
 */
public final class Conv2D implements Foldable, Windowed {
  private final INDArray kernel;
  private final INDArray bias;
  private final Window window;
  private final int groups;
  private final INDArray given;
  private final Window givenWindow;
  private final Filter filter;
  private volatile Filter transposed;

  /**
   * @param kernel w, {@code [kh,kw,inputs/groups,outputs]}
   * @param bias b, {@code [outputs]}, or null
   * @param window kernel size, stride, dilation and padding
   * @param groups input and output channels are split into this many independent convolutions
   */
  public Conv2D(INDArray kernel, INDArray bias, Window window, int groups) {
    boolean dilated = window.dilationH() > 1 || window.dilationW() > 1;
    this.kernel = dilated ? Spread.dilated(kernel, window) : kernel;
    this.bias = bias;
    this.window = dilated ? window.undilated() : window;
    this.groups = groups;
    this.given = kernel;
    this.givenWindow = window;
    this.filter = new Filter(this.kernel, bias);
  }

  @Override
  public Window window() {
    return window;
  }

  /** The window that goes with {@link #weights}: {@link #window} has no dilation. */
  public Window givenWindow() {
    return givenWindow;
  }

  /** Input and output channels are split into this many independent convolutions. */
  public int groups() {
    return groups;
  }

  @Override
  public int[] outputShape(List<int[]> inputs) {
    int[] in = Shapes.spatial(inputs, 0);
    Shapes.expectChannels(in, (int) kernel.size(2) * groups);
    return new int[] {window.outputRows(in[0]), window.outputColumns(in[1]), (int) kernel.size(3)};
  }

  @Override
  public void forward(INDArray[] inputs, INDArray output) {
    if (groups == 1) {
      filter.convolve(inputs[0], window, output);
      return;
    }
    long in = kernel.size(2);
    long out = kernel.size(3) / groups;
    for (int g = 0; g < groups; g++) {
      INDArray x = Shapes.channels(inputs[0], g * in, (g + 1) * in).dup('c');
      INDArray w = Shapes.channels(kernel, g * out, (g + 1) * out).dup('c');
      INDArray b =
          bias == null ? null : bias.get(NDArrayIndex.interval(g * out, (g + 1) * out)).dup();
      INDArray y = Nd4j.createUninitialized(kernel.dataType(), shape(output, out));
      Filter.direct(x, w, b, window, y);
      Shapes.channels(output, g * out, (g + 1) * out).assign(y);
    }
  }

  /**
   * The gradient at the input is itself a convolution: of the cotangent, with zeros between its
   * rows and columns where the stride is above 1, with the kernel turned by 180° and its channels
   * exchanged.
   */
  @Override
  public INDArray vjp(
      int index, INDArray[] inputs, INDArray output, INDArray cotangent, BackwardRule rule) {
    long[] in = inputs[0].shape();
    if (groups == 1) {
      return backward(cotangent, in, transposed()::convolve);
    }
    INDArray gradient = Nd4j.createUninitialized(kernel.dataType(), stacked(in, cotangent));
    long ic = kernel.size(2);
    long oc = kernel.size(3) / groups;
    long[] groupInput = {in[0], in[1], in[2], ic};
    for (int g = 0; g < groups; g++) {
      INDArray w = turned(Shapes.channels(kernel, g * oc, (g + 1) * oc));
      INDArray cot = Shapes.channels(cotangent, g * oc, (g + 1) * oc).dup('c');
      INDArray part = backward(cot, groupInput, (x, win, y) -> Filter.direct(x, w, null, win, y));
      Shapes.channels(gradient, g * ic, (g + 1) * ic).assign(part);
    }
    return gradient;
  }

  private INDArray backward(INDArray cotangent, long[] in, Convolution turned) {
    INDArray spread = Spread.cotangent(cotangent, window, (int) in[1], (int) in[2]);
    INDArray gradient =
        Nd4j.createUninitialized(cotangent.dataType(), cotangent.size(0), in[1], in[2], in[3]);
    turned.apply(spread, window.dense(), gradient);
    if (spread != cotangent) {
      spread.close();
    }
    return gradient;
  }

  @FunctionalInterface
  private interface Convolution {
    void apply(INDArray x, Window window, INDArray y);
  }

  private Filter transposed() {
    Filter result = transposed;
    if (result == null) {
      synchronized (this) {
        result = transposed;
        if (result == null) {
          result = new Filter(turned(kernel), null);
          transposed = result;
        }
      }
    }
    return result;
  }

  private static INDArray turned(INDArray kernel) {
    return Spread.turned(kernel).permute(0, 1, 3, 2).dup('c');
  }

  private static long[] shape(INDArray output, long channels) {
    return new long[] {output.size(0), output.size(1), output.size(2), channels};
  }

  private static long[] stacked(long[] in, INDArray cotangent) {
    return new long[] {cotangent.size(0), in[1], in[2], in[3]};
  }

  @Override
  public Op fold(ScaleShift affine) {
    return new Conv2D(affine.foldKernel(kernel), affine.foldBias(bias), window, groups);
  }

  @Override
  public long trainable() {
    return given.length() + (bias == null ? 0 : bias.length());
  }

  @Override
  public List<INDArray> weights() {
    return bias == null ? List.of(given) : List.of(given, bias);
  }

  @Override
  public Op withWeights(List<INDArray> weights) {
    return new Conv2D(weights.get(0), bias == null ? null : weights.get(1), givenWindow, groups);
  }
}
