package io.gradlens.model.layer;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Depthwise convolution: every channel by itself, y[n,i,j,c·m+q] = b[c·m+q] + Σ x[n, i·s+u·d−p,
 * j·s+v·d−p, c]·w[u,v,c,q].
 */
public final class DepthwiseConv2D implements Foldable, Windowed {
  private final INDArray kernel;
  private final INDArray bias;
  private final Window window;

  /**
   * @param kernel w, {@code [kh,kw,channels,multiplier]}
   * @param bias b, {@code [channels·multiplier]}, or null
   * @param window kernel size, stride, dilation and padding
   */
  public DepthwiseConv2D(INDArray kernel, INDArray bias, Window window) {
    this.kernel = kernel;
    this.bias = bias;
    this.window = window;
  }

  @Override
  public Window window() {
    return window;
  }

  @Override
  public int[] outputShape(List<int[]> inputs) {
    int[] in = Shapes.spatial(inputs, 0);
    Shapes.expectChannels(in, (int) kernel.size(2));
    return new int[] {
      window.outputRows(in[0]), window.outputColumns(in[1]), (int) (kernel.size(2) * kernel.size(3))
    };
  }

  @Override
  public void forward(INDArray[] inputs, INDArray output) {
    convolve(inputs[0], kernel, bias, window, output);
  }

  /** As {@link Conv2D#vjp}, channel by channel; gradients of a channel's multiples add up. */
  @Override
  public INDArray vjp(
      int index, INDArray[] inputs, INDArray output, INDArray cotangent, BackwardRule rule) {
    INDArray in = inputs[0];
    long channels = kernel.size(2);
    long multiplier = kernel.size(3);
    Window dense = window.dense();
    INDArray turned = Spread.turned(kernel);
    INDArray spread = Spread.cotangent(cotangent, window, (int) in.size(1), (int) in.size(2));
    long[] shape = {cotangent.size(0), in.size(1), in.size(2), channels};
    INDArray gradient = Nd4j.createUninitialized(kernel.dataType(), shape);
    INDArray byMultiple =
        spread.reshape('c', spread.size(0), spread.size(1), spread.size(2), channels, multiplier);
    for (long q = 0; q < multiplier; q++) {
      INDArray g = multiplier == 1 ? spread : Shapes.last(byMultiple, q).dup('c');
      INDArray w = Shapes.channels(turned, q, q + 1).dup('c');
      if (q == 0) {
        convolve(g, w, null, dense, gradient);
      } else {
        INDArray part = Nd4j.createUninitialized(kernel.dataType(), shape);
        convolve(g, w, null, dense, part);
        gradient.addi(part);
        part.close();
      }
    }
    return gradient;
  }

  private static void convolve(INDArray x, INDArray w, INDArray b, Window window, INDArray y) {
    DynamicCustomOp.DynamicCustomOpsBuilder op = DynamicCustomOp.builder("depthwise_conv2d");
    op = b == null ? op.addInputs(x, w) : op.addInputs(x, w, b);
    Nd4j.exec(op.addOutputs(y).addIntegerArguments(window.arguments(x.size(1), x.size(2))).build());
  }

  @Override
  public Op fold(ScaleShift affine) {
    long[] shape = kernel.shape();
    INDArray flat = kernel.reshape('c', shape[0], shape[1], shape[2] * shape[3]);
    INDArray folded = affine.foldKernel(flat).reshape('c', shape);
    return new DepthwiseConv2D(folded, affine.foldBias(bias), window);
  }

  @Override
  public long trainable() {
    return kernel.length() + (bias == null ? 0 : bias.length());
  }

  @Override
  public List<INDArray> weights() {
    return bias == null ? List.of(kernel) : List.of(kernel, bias);
  }

  @Override
  public Op withWeights(List<INDArray> weights) {
    return new DepthwiseConv2D(weights.get(0), bias == null ? null : weights.get(1), window);
  }
}
