package io.gradlens.model.layer;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Channel by channel, y = a·x + b: batch normalisation at inference, rescaling, standardisation.
 */
public final class ScaleShift implements Op {
  private final INDArray scale;
  private final INDArray shift;
  private final long trainable;
  private final long nonTrainable;

  /**
   * @param scale a, {@code [K]}
   * @param shift b, {@code [K]}
   * @param trainable parameters that the user's framework counts as trainable
   * @param nonTrainable parameters that it counts as not trainable
   */
  public ScaleShift(INDArray scale, INDArray shift, long trainable, long nonTrainable) {
    this.scale = scale;
    this.shift = shift;
    this.trainable = trainable;
    this.nonTrainable = nonTrainable;
  }

  /**
   * Batch normalisation with its moving averages: a = γ/√(σ²+ε), b = β − a·μ.
   *
   * @param gamma γ {@code [K]}, or null for 1
   * @param beta β {@code [K]}, or null for 0
   * @param mean μ {@code [K]}
   * @param variance σ² {@code [K]}
   * @param epsilon ε
   */
  public static ScaleShift batchNorm(
      INDArray gamma, INDArray beta, INDArray mean, INDArray variance, double epsilon) {
    INDArray scale = Transforms.sqrt(variance.add(epsilon), true).rdivi(1.0);
    if (gamma != null) {
      scale.muli(gamma);
    }
    INDArray shift = scale.mul(mean).negi();
    if (beta != null) {
      shift.addi(beta);
    }
    long trainable = (gamma == null ? 0 : gamma.length()) + (beta == null ? 0 : beta.length());
    return new ScaleShift(scale, shift, trainable, mean.length() + variance.length());
  }

  /** A kernel whose last axis is this op's channels, times a. */
  INDArray foldKernel(INDArray kernel) {
    return Shapes.rows(kernel.dup('c')).muliRowVector(scale).reshape('c', kernel.shape());
  }

  /** a·bias + b. */
  INDArray foldBias(INDArray bias) {
    return bias == null ? shift : bias.mul(scale).addi(shift);
  }

  @Override
  public int[] outputShape(List<int[]> inputs) {
    int[] shape = inputs.get(0);
    Shapes.expectChannels(shape, (int) scale.length());
    return shape.clone();
  }

  @Override
  public boolean inPlace() {
    return true;
  }

  @Override
  public void forward(INDArray[] inputs, INDArray output) {
    INDArray y = Shapes.rows(output);
    if (inputs[0] == output) {
      y.muliRowVector(scale);
    } else {
      y.assign(Shapes.rows(inputs[0]));
      y.muliRowVector(scale);
    }
    y.addiRowVector(shift);
  }

  @Override
  public INDArray vjp(
      int index, INDArray[] inputs, INDArray output, INDArray cotangent, BackwardRule rule) {
    return Shapes.rows(cotangent).mulRowVector(scale).reshape('c', cotangent.shape());
  }

  @Override
  public long trainable() {
    return trainable;
  }

  @Override
  public long nonTrainable() {
    return nonTrainable;
  }

  @Override
  public List<INDArray> weights() {
    return List.of(scale, shift);
  }

  @Override
  public Op withWeights(List<INDArray> weights) {
    return new ScaleShift(weights.get(0), weights.get(1), trainable, nonTrainable);
  }
}
