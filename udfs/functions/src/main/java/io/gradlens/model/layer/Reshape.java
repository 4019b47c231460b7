package io.gradlens.model.layer;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The same elements, in the same order, under another shape; {@code Reshape(-1)} flattens. */
public final class Reshape implements Op {
  private final int[] target;

  /**
   * @param target without the batch axis; one entry may be −1 and takes what is left
   */
  public Reshape(int... target) {
    this.target = target.clone();
  }

  @Override
  public int[] outputShape(List<int[]> inputs) {
    int[] in = inputs.get(0);
    int[] shape = target.clone();
    int open = -1;
    long known = 1;
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] < 0) {
        open = i;
      } else {
        known *= shape[i];
      }
    }
    if (Arrays.stream(in).anyMatch(d -> d < 0)) {
      return shape;
    }
    long size = 1;
    for (int d : in) {
      size *= d;
    }
    if (open >= 0) {
      shape[open] = (int) (size / known);
      known *= shape[open];
    }
    if (known != size) {
      throw new IllegalArgumentException(
          "%s cannot be reshaped to %s".formatted(Arrays.toString(in), Arrays.toString(target)));
    }
    return shape;
  }

  @Override
  public boolean isView() {
    return true;
  }

  @Override
  public void forward(INDArray[] inputs, INDArray output) {}

  @Override
  public INDArray vjp(
      int index, INDArray[] inputs, INDArray output, INDArray cotangent, BackwardRule rule) {
    long[] shape = inputs[0].shape().clone();
    shape[0] = cotangent.size(0);
    return cotangent.reshape('c', shape);
  }
}
