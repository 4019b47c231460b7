package io.gradlens.model.layer;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Checks and views that several layers need. Shapes leave the batch axis out. */
final class Shapes {

  private Shapes() {}

  /** The shape of one input, which must be {@code [H,W,K]}. */
  static int[] spatial(List<int[]> inputs, int index) {
    int[] shape = inputs.get(index);
    if (shape.length != 3) {
      throw new IllegalArgumentException(
          "expected rows, columns and channels, got " + Arrays.toString(shape));
    }
    return shape;
  }

  static void expectChannels(int[] shape, int channels) {
    int got = shape[shape.length - 1];
    if (got != channels) {
      throw new IllegalArgumentException(
          "its weights are for %d input channels, got %s"
              .formatted(channels, Arrays.toString(shape)));
    }
  }

  /** A view of some channels, the last axis. */
  static INDArray channels(INDArray array, long from, long to) {
    INDArrayIndex[] index = new INDArrayIndex[array.rank()];
    Arrays.fill(index, NDArrayIndex.all());
    index[index.length - 1] = NDArrayIndex.interval(from, to);
    return array.get(index);
  }

  /** A view without the last axis: entry {@code i} of it. */
  static INDArray last(INDArray array, long i) {
    INDArrayIndex[] index = new INDArrayIndex[array.rank()];
    Arrays.fill(index, NDArrayIndex.all());
    index[index.length - 1] = NDArrayIndex.point(i);
    return array.get(index);
  }

  /** The same memory as rows of the last axis: {@code [·,K]}. */
  static INDArray rows(INDArray array) {
    long last = array.size(-1);
    return array.reshape('c', array.length() / last, last);
  }

  /** Cotangent t of a stack of {@code [T·N,…]}: a view {@code [N,…]}. */
  static INDArray cotangent(INDArray stack, int t, long n) {
    INDArrayIndex[] index = new INDArrayIndex[stack.rank()];
    Arrays.fill(index, NDArrayIndex.all());
    index[0] = NDArrayIndex.interval(t * n, (t + 1) * n);
    return stack.get(index);
  }

  /** {@code shape} with the batch axis in front. */
  static long[] batched(long batch, int[] shape) {
    long[] result = new long[shape.length + 1];
    result[0] = batch;
    for (int i = 0; i < shape.length; i++) {
      result[i + 1] = shape[i];
    }
    return result;
  }
}
