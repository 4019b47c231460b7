package io.gradlens.model.layer;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** Maximum or average over a sliding window. */
public final class Pool2D implements Op, Windowed {

  /** What is taken of the window. */
  public enum Kind {
    MAX,
    AVERAGE
  }

  private final Kind kind;
  private final Window window;
  private final boolean countPadding;

  /**
   * @param window size, stride and padding; no dilation
   * @param countPadding whether an average divides by the whole window where it hangs over the edge
   */
  public Pool2D(Kind kind, Window window, boolean countPadding) {
    this.kind = kind;
    this.window = window;
    this.countPadding = countPadding;
  }

  @Override
  public Window window() {
    return window;
  }

  public Kind kind() {
    return kind;
  }

  /** True where an average divides by the whole window even if it hangs over the edge. */
  public boolean countsPadding() {
    return countPadding;
  }

  @Override
  public int[] outputShape(List<int[]> inputs) {
    int[] in = Shapes.spatial(inputs, 0);
    return new int[] {window.outputRows(in[0]), window.outputColumns(in[1]), in[2]};
  }

  @Override
  public void forward(INDArray[] inputs, INDArray output) {
    int[] arguments = window.arguments(inputs[0].size(1), inputs[0].size(2));
    arguments[9] = kind == Kind.AVERAGE && countPadding ? 1 : 0;
    arguments[10] = 1;
    Nd4j.exec(
        DynamicCustomOp.builder(kind == Kind.MAX ? "maxpool2d" : "avgpool2d")
            .addInputs(inputs[0])
            .addOutputs(output)
            .addIntegerArguments(arguments)
            .build());
  }

  /** A maximum's gradient goes to the first of equal values, in row-major order of the window. */
  @Override
  public INDArray vjp(
      int index, INDArray[] inputs, INDArray output, INDArray cotangent, BackwardRule rule) {
    PoolBackward backward = new PoolBackward(kind, window, countPadding, inputs[0], output);
    long[] in = inputs[0].shape();
    INDArray gradient =
        Nd4j.createUninitialized(cotangent.dataType(), cotangent.size(0), in[1], in[2], in[3]);
    for (long image = 0; image < in[0]; image++) {
      backward.image(image, cotangent, gradient);
    }
    return gradient;
  }
}
