package io.gradlens.model.layer;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** ReLU with a learnt slope below zero: x for x &gt; 0, α·x else (He et al. 2015). */
public final class PRelu implements Op {
  private final INDArray alpha;

  /**
   * @param alpha α in the input's shape without the batch axis; axes of size 1 are repeated
   */
  public PRelu(INDArray alpha) {
    this.alpha = alpha;
  }

  @Override
  public int[] outputShape(List<int[]> inputs) {
    int[] shape = inputs.get(0).clone();
    if (alpha.rank() != shape.length) {
      throw new IllegalArgumentException(
          "slopes with %d axes do not fit an input with %d".formatted(alpha.rank(), shape.length));
    }
    for (int i = 0; i < shape.length; i++) {
      if (alpha.size(i) != 1 && alpha.size(i) != shape[i]) {
        throw new IllegalArgumentException(
            "%d slopes do not fit axis %d of size %d".formatted(alpha.size(i), i, shape[i]));
      }
    }
    return shape;
  }

  @Override
  public void forward(INDArray[] inputs, INDArray output) {
    output.assign(inputs[0]);
    output.muli(slope(inputs[0]));
  }

  @Override
  public INDArray vjp(
      int index, INDArray[] inputs, INDArray output, INDArray cotangent, BackwardRule rule) {
    INDArray slope = slope(inputs[0]);
    INDArray gradient = Nd4j.createUninitialized(cotangent.dataType(), cotangent.shape());
    long n = output.size(0);
    for (int t = 0; t < cotangent.size(0) / n; t++) {
      INDArray g = Shapes.cotangent(cotangent, t, n);
      if (rule == BackwardRule.GUIDED) {
        g = g.mul(g.gt(0).castTo(g.dataType()));
      }
      Shapes.cotangent(gradient, t, n).assign(g.mul(slope));
    }
    return gradient;
  }

  /** 1 where the input is above 0, α elsewhere. */
  private INDArray slope(INDArray x) {
    long[] shape = x.shape().clone();
    INDArray repeated =
        alpha.reshape(Shapes.batched(1, toInts(alpha.shape()))).broadcast(shape).dup('c');
    INDArray above = x.gt(0).castTo(x.dataType());
    return above.add(above.rsub(1).mul(repeated));
  }

  private static int[] toInts(long[] shape) {
    return java.util.Arrays.stream(shape).mapToInt(d -> (int) d).toArray();
  }

  @Override
  public long trainable() {
    return alpha.length();
  }

  @Override
  public List<INDArray> weights() {
    return List.of(alpha);
  }

  @Override
  public Op withWeights(List<INDArray> weights) {
    return new PRelu(weights.get(0));
  }
}
