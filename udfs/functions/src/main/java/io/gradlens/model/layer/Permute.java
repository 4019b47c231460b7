package io.gradlens.model.layer;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Exchanges axes. */
public final class Permute implements Op {
  private final int[] axes;

  /**
   * @param axes output axis i + 1 is input axis {@code axes[i]}; the batch axis, 0, stays
   */
  public Permute(int... axes) {
    this.axes = new int[axes.length + 1];
    System.arraycopy(axes, 0, this.axes, 1, axes.length);
  }

  @Override
  public int[] outputShape(List<int[]> inputs) {
    int[] in = inputs.get(0);
    if (in.length != axes.length - 1) {
      throw new IllegalArgumentException(
          "%d axes cannot be exchanged in an input of %d".formatted(axes.length - 1, in.length));
    }
    int[] shape = new int[in.length];
    for (int i = 0; i < in.length; i++) {
      shape[i] = in[axes[i + 1] - 1];
    }
    return shape;
  }

  @Override
  public void forward(INDArray[] inputs, INDArray output) {
    output.assign(inputs[0].permute(axes));
  }

  @Override
  public INDArray vjp(
      int index, INDArray[] inputs, INDArray output, INDArray cotangent, BackwardRule rule) {
    int[] inverse = new int[axes.length];
    for (int i = 0; i < axes.length; i++) {
      inverse[axes[i]] = i;
    }
    return cotangent.permute(inverse).dup('c');
  }
}
