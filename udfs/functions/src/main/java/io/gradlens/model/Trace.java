package io.gradlens.model;

import io.gradlens.model.layer.BackwardRule;
import java.util.List;

/**
 * One forward pass of a batch and what can be asked of it. It holds native memory until it is
 * closed, and belongs to one thread.
 */
public interface Trace extends AutoCloseable {

  /** Images in the batch, N. */
  int size();

  /**
   * The scores before softmax or sigmoid.
   *
   * @return {@code [N][classes]}
   */
  float[][] logits();

  /**
   * The scores after softmax or sigmoid.
   *
   * @return {@code [N][classes]}, or null where the model has neither
   */
  float[][] probabilities();

  /**
   * A layer's output.
   *
   * @param layer one of those that the forward pass was told of
   */
  FeatureMaps activation(String layer);

  /**
   * Gradients of weighted sums of logits at a layer: (∂y/∂A)ᵀ·cotangent. All cotangents go back in
   * one pass.
   *
   * @param layer one of those that the forward pass was told of
   * @param cotangents T of them, each {@code [N][classes]}; a row of zeros with a 1 at c asks for
   *     ∂y_c/∂A
   * @return T gradients, in the order of the cotangents
   */
  List<FeatureMaps> vjp(String layer, List<float[][]> cotangents);

  /**
   * Gradients of weighted sums of logits at the input image, as {@link #vjp} at a layer.
   *
   * @param rule how they pass a ReLU
   * @param cotangents T of them, each {@code [N][classes]}
   * @return T gradients {@code [C,H,W]}
   */
  List<FeatureMaps> inputGradient(BackwardRule rule, List<float[][]> cotangents);

  @Override
  void close();
}
