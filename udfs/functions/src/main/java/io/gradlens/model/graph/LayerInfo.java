package io.gradlens.model.graph;

import java.util.List;

/**
 * One layer as users see it.
 *
 * @param name unique in the model
 * @param kind the class name of its framework, such as {@code Conv2D}
 * @param outputShape without the batch axis, channels last; −1 where an axis is free
 * @param trainable number of trainable parameters
 * @param nonTrainable number of parameters that training does not touch (moving averages)
 * @param inputs names of the layers that feed it
 */
public record LayerInfo(
    String name,
    String kind,
    List<Integer> outputShape,
    long trainable,
    long nonTrainable,
    List<String> inputs) {

  /** True where the output still has rows and columns: {@code [H,W,K]}. */
  public boolean isSpatial() {
    return outputShape.size() == 3;
  }

  public long parameters() {
    return trainable + nonTrainable;
  }
}
