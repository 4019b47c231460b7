package io.gradlens.model.layer;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Cuts rows and columns off the edges of the input. */
public final class Crop2D implements Op {
  private final int top;
  private final int bottom;
  private final int left;
  private final int right;

  public Crop2D(int top, int bottom, int left, int right) {
    this.top = top;
    this.bottom = bottom;
    this.left = left;
    this.right = right;
  }

  /** Top, bottom, left, right. */
  public int[] margins() {
    return new int[] {top, bottom, left, right};
  }

  @Override
  public int[] outputShape(List<int[]> inputs) {
    int[] in = Shapes.spatial(inputs, 0);
    if ((in[0] >= 0 && in[0] <= top + bottom) || (in[1] >= 0 && in[1] <= left + right)) {
      throw new IllegalArgumentException("cropping leaves nothing of " + Arrays.toString(in));
    }
    return new int[] {
      in[0] < 0 ? -1 : in[0] - top - bottom, in[1] < 0 ? -1 : in[1] - left - right, in[2]
    };
  }

  @Override
  public void forward(INDArray[] inputs, INDArray output) {
    output.assign(inner(inputs[0]));
  }

  @Override
  public INDArray vjp(
      int index, INDArray[] inputs, INDArray output, INDArray cotangent, BackwardRule rule) {
    long[] shape = inputs[0].shape().clone();
    shape[0] = cotangent.size(0);
    INDArray gradient = Nd4j.zeros(cotangent.dataType(), shape);
    inner(gradient).assign(cotangent);
    return gradient;
  }

  private INDArray inner(INDArray whole) {
    return whole.get(
        NDArrayIndex.all(),
        NDArrayIndex.interval(top, whole.size(1) - bottom),
        NDArrayIndex.interval(left, whole.size(2) - right),
        NDArrayIndex.all());
  }
}
