package io.gradlens.model.dl4j;

import java.util.Arrays;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Broadcast;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Channel by channel, y = a·x + b with numbers that are not learned: what Keras' {@code Rescaling}
 * and {@code Normalization} do inside a network. Takes maps {@code [N,K,H,W]} and vectors {@code
 * [N,K]}.
 */
public final class ChannelAffine implements InputPreProcessor {
  private static final long serialVersionUID = 1L;

  @JsonProperty private float[] scale;
  @JsonProperty private float[] shift;

  /** For DL4J's mapper. */
  private ChannelAffine() {}

  /**
   * @param scale a, {@code [K]}
   * @param shift b, {@code [K]}
   */
  public ChannelAffine(float[] scale, float[] shift) {
    this.scale = scale.clone();
    this.shift = shift.clone();
  }

  /** a, {@code [K]}. */
  public float[] scale() {
    return scale.clone();
  }

  /** b, {@code [K]}. */
  public float[] shift() {
    return shift.clone();
  }

  @Override
  public INDArray preProcess(INDArray input, int examples, LayerWorkspaceMgr workspaces) {
    INDArray output = workspaces.dup(ArrayType.ACTIVATIONS, input, 'c');
    Broadcast.mul(output, Nd4j.createFromArray(scale).castTo(output.dataType()), output, 1);
    return Broadcast.add(output, Nd4j.createFromArray(shift).castTo(output.dataType()), output, 1);
  }

  @Override
  public INDArray backprop(INDArray cotangent, int examples, LayerWorkspaceMgr workspaces) {
    INDArray gradient = workspaces.dup(ArrayType.ACTIVATION_GRAD, cotangent, 'c');
    INDArray factors = Nd4j.createFromArray(scale).castTo(gradient.dataType());
    return Broadcast.mul(gradient, factors, gradient, 1);
  }

  @Override
  public InputType getOutputType(InputType inputType) {
    return inputType;
  }

  @Override
  public Pair<INDArray, MaskState> feedForwardMaskArray(
      INDArray mask, MaskState state, int examples) {
    return new Pair<>(mask, state);
  }

  /** Itself, as it never changes. */
  @Override
  @SuppressWarnings("MethodDoesntCallSuperMethod")
  public ChannelAffine clone() {
    return this;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChannelAffine affine
        && Arrays.equals(scale, affine.scale)
        && Arrays.equals(shift, affine.shift);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(scale) + Arrays.hashCode(shift);
  }
}
