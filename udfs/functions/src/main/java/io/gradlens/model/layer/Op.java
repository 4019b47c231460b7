package io.gradlens.model.layer;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One step of a network: a differentiable function of one or more tensors, with its weights.
 *
 * <p>Tensors are dense float32 arrays in C order with the batch axis first and channels last:
 * {@code [N,H,W,K]} or {@code [N,K]}. Shapes in {@link #outputShape} leave the batch axis out, with
 * −1 for an axis that is free. Implementations are immutable: weights are read only and shared by
 * all threads.
 */
public interface Op {

  /**
   * The output's shape from the inputs' shapes.
   *
   * @throws IllegalArgumentException if the inputs do not fit, saying how
   */
  int[] outputShape(List<int[]> inputs);

  /**
   * Computes the output.
   *
   * @param inputs read only
   * @param output overwritten; the first input itself where {@link #inPlace} says that it may be
   */
  void forward(INDArray[] inputs, INDArray output);

  /**
   * The vector–Jacobian product (∂output/∂input)ᵀ·cotangent for several cotangents at once.
   *
   * @param index of the input that is differentiated
   * @param inputs of the forward pass, {@code [N,…]}; read only
   * @param output of the forward pass, {@code [N,…]}; read only
   * @param cotangent T of them stacked along the batch axis, {@code [T·N,…]}; read only
   * @param rule how gradients pass a ReLU
   * @return {@code [T·N,…]} in the shape of the input: a new array, or the cotangent itself
   */
  INDArray vjp(
      int index, INDArray[] inputs, INDArray output, INDArray cotangent, BackwardRule rule);

  /** True where the output may overwrite the first input. */
  default boolean inPlace() {
    return false;
  }

  /** True where the output is the first input's memory in another shape: nothing is computed. */
  default boolean isView() {
    return false;
  }

  /** Number of parameters that training changes. */
  default long trainable() {
    return 0;
  }

  /** Number of parameters that training leaves alone. */
  default long nonTrainable() {
    return 0;
  }

  /** The weights, in the order that {@link #withWeights} takes them. */
  default List<INDArray> weights() {
    return List.of();
  }

  /** The same function with other weights of the same shapes. */
  default Op withWeights(List<INDArray> weights) {
    return this;
  }
}
