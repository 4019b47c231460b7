package io.gradlens.model.layer;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Adds rows and columns of zeros around the input. */
public final class Pad2D implements Op {
  private final int top;
  private final int bottom;
  private final int left;
  private final int right;

  public Pad2D(int top, int bottom, int left, int right) {
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
    return new int[] {
      in[0] < 0 ? -1 : in[0] + top + bottom, in[1] < 0 ? -1 : in[1] + left + right, in[2]
    };
  }

  @Override
  public void forward(INDArray[] inputs, INDArray output) {
    output.assign(0f);
    inner(output).assign(inputs[0]);
  }

  @Override
  public INDArray vjp(
      int index, INDArray[] inputs, INDArray output, INDArray cotangent, BackwardRule rule) {
    return inner(cotangent).dup('c');
  }

  private INDArray inner(INDArray padded) {
    return padded.get(
        NDArrayIndex.all(),
        NDArrayIndex.interval(top, padded.size(1) - bottom),
        NDArrayIndex.interval(left, padded.size(2) - right),
        NDArrayIndex.all());
  }
}
