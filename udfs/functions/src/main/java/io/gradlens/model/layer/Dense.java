package io.gradlens.model.layer;

import java.util.List;
import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A fully connected layer over the last axis: y = x·W + b. */
public final class Dense implements Op {
  private final INDArray kernel;
  private final INDArray bias;

  /**
   * @param kernel W, {@code [inputs,outputs]}
   * @param bias b, {@code [outputs]}, or null
   */
  public Dense(INDArray kernel, INDArray bias) {
    this.kernel = kernel;
    this.bias = bias;
  }

  @Override
  public int[] outputShape(List<int[]> inputs) {
    int[] shape = inputs.get(0).clone();
    Shapes.expectChannels(shape, (int) kernel.size(0));
    shape[shape.length - 1] = (int) kernel.size(1);
    return shape;
  }

  @Override
  public void forward(INDArray[] inputs, INDArray output) {
    INDArray y = Shapes.rows(output);
    Shapes.rows(inputs[0]).mmuli(kernel, y);
    if (bias != null) {
      y.addiRowVector(bias);
    }
  }

  @Override
  public INDArray vjp(
      int index, INDArray[] inputs, INDArray output, INDArray cotangent, BackwardRule rule) {
    long[] shape = cotangent.shape().clone();
    shape[shape.length - 1] = kernel.size(0);
    INDArray gradient = Nd4j.createUninitialized(kernel.dataType(), shape);
    Shapes.rows(cotangent)
        .mmuli(kernel, Shapes.rows(gradient), MMulTranspose.builder().transposeB(true).build());
    return gradient;
  }

  @Override
  public long trainable() {
    return kernel.length() + (bias == null ? 0 : bias.length());
  }

  @Override
  public List<INDArray> weights() {
    return bias == null ? List.of(kernel) : List.of(kernel, bias);
  }

  @Override
  public Op withWeights(List<INDArray> weights) {
    return new Dense(weights.get(0), bias == null ? null : weights.get(1));
  }
}
