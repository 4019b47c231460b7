package io.gradlens.model.layer;

import java.util.List;
import java.util.Optional;
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
  private final BatchNorm origin;

  /**
   * @param scale a, {@code [K]}
   * @param shift b, {@code [K]}
   * @param trainable parameters that the user's framework counts as trainable
   * @param nonTrainable parameters that it counts as not trainable
   */
  public ScaleShift(INDArray scale, INDArray shift, long trainable, long nonTrainable) {
    this(scale, shift, trainable, nonTrainable, null);
  }

  private ScaleShift(
      INDArray scale, INDArray shift, long trainable, long nonTrainable, BatchNorm origin) {
    this.scale = scale;
    this.shift = shift;
    this.trainable = trainable;
    this.nonTrainable = nonTrainable;
    this.origin = origin;
  }

  /** Batch normalisation with its moving averages: a = γ/√(σ²+ε), b = β − a·μ. */
  public static ScaleShift batchNorm(BatchNorm norm) {
    INDArray scale = Transforms.sqrt(norm.variance().add(norm.epsilon()), true).rdivi(1.0);
    long trainable = 0;
    if (norm.gamma() != null) {
      scale.muli(norm.gamma());
      trainable += norm.gamma().length();
    }
    INDArray shift = scale.mul(norm.mean()).negi();
    if (norm.beta() != null) {
      shift.addi(norm.beta());
      trainable += norm.beta().length();
    }
    long nonTrainable = norm.mean().length() + norm.variance().length();
    return new ScaleShift(scale, shift, trainable, nonTrainable, norm);
  }

  /** The batch normalisation that it stands for, if it does. */
  public Optional<BatchNorm> origin() {
    return Optional.ofNullable(origin);
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
