package io.gradlens.model.keras;

import io.gradlens.UserInputException;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What the translation of one layer has to hand: its settings, the shapes that reach it, and its
 * weights in Keras' order.
 */
final class KerasContext {
  private final KerasLayer layer;
  private final KerasCall call;
  private final List<int[]> inputs;
  private final KerasWeights weights;
  private int next;

  /**
   * @param inputs shapes of the tensors that the call takes, without the batch axis
   */
  KerasContext(KerasLayer layer, KerasCall call, List<int[]> inputs, KerasWeights weights) {
    this.layer = layer;
    this.call = call;
    this.inputs = inputs;
    this.weights = weights;
  }

  KerasLayer layer() {
    return layer;
  }

  KerasCall call() {
    return call;
  }

  /** The shape of the first tensor, without the batch axis. */
  int[] input() {
    return inputs.get(0).clone();
  }

  /** The length of the first tensor's last axis. */
  int channels() {
    int[] shape = inputs.get(0);
    return shape[shape.length - 1];
  }

  /** The next weight of the layer. */
  INDArray weight(long... shape) {
    return weights.read(layer, next++, shape);
  }

  /** The next weight of the layer, or null where the layer has been told to go without. */
  INDArray optional(boolean present, long... shape) {
    return present ? weight(shape) : null;
  }

  /** True if the layer has weights. */
  boolean hasWeights() {
    return next > 0;
  }

  /**
   * @throws UserInputException unless an axis, counted with the batch axis as Keras does, is the
   *     last one
   */
  void expectLastAxis(int axis) {
    int last = inputs.get(0).length;
    if (axis != -1 && axis != last) {
      throw layer.problem(
          "works along axis %d; the last axis (-1) is supported, as channels come last"
              .formatted(axis));
    }
  }
}
