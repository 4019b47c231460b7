package io.gradlens.model.layer;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Lays its inputs one behind the other along an axis. */
public final class Concatenate implements Op {
  private final int axis;

  /**
   * @param axis counted without the batch axis; −1 for the last
   */
  public Concatenate(int axis) {
    this.axis = axis;
  }

  /** True where it joins along the last axis of inputs with {@code rank} axes. */
  public boolean isOfChannels(int rank) {
    return axis == -1 || axis == rank - 1;
  }

  @Override
  public int[] outputShape(List<int[]> inputs) {
    int[] shape = inputs.get(0).clone();
    int along = axis < 0 ? shape.length + axis : axis;
    for (int[] next : inputs.subList(1, inputs.size())) {
      int[] expected = shape.clone();
      if (next.length == shape.length) {
        expected[along] = next[along];
      }
      if (!Arrays.equals(expected, next)) {
        throw new IllegalArgumentException(
            "%s and %s cannot be concatenated along axis %d"
                .formatted(Arrays.toString(shape), Arrays.toString(next), along));
      }
      shape[along] = shape[along] < 0 || next[along] < 0 ? -1 : shape[along] + next[along];
    }
    return shape;
  }

  @Override
  public void forward(INDArray[] inputs, INDArray output) {
    Nd4j.exec(
        DynamicCustomOp.builder("concat")
            .addInputs(inputs)
            .addOutputs(output)
            .addIntegerArguments(along(output))
            .build());
  }

  @Override
  public INDArray vjp(
      int index, INDArray[] inputs, INDArray output, INDArray cotangent, BackwardRule rule) {
    int along = along(output);
    long from = 0;
    for (int i = 0; i < index; i++) {
      from += inputs[i].size(along);
    }
    INDArrayIndex[] part = new INDArrayIndex[cotangent.rank()];
    Arrays.fill(part, NDArrayIndex.all());
    part[along] = NDArrayIndex.interval(from, from + inputs[index].size(along));
    return cotangent.get(part).dup('c');
  }

  private int along(INDArray array) {
    return axis < 0 ? array.rank() + axis : axis + 1;
  }
}
