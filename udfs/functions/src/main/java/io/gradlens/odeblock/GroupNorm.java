package io.gradlens.odeblock;

import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Group normalisation as a DL4J layer, y = γ_c (x − μ_g)/√(σ²_g + 1e-5) + β_c, with μ_g and σ²_g
 * the mean and variance over all pixels of the channels in c's group. It means the same in training
 * and inference and does not depend on the batch.
 *
 * <p>Input and output are maps {@code [N,C,H,W]}; parameters are "gamma" and "beta", {@code [C]}.
 * As with DL4J's batch normalisation, the activation function of the configuration does not apply,
 * and the parameters are not regularised.
 *
 * <p>Source: Wu and He, Group normalization, 2018. The constant is PyTorch's.
 */
public final class GroupNorm extends MapLayer {
  static final String GAMMA = "gamma";
  static final String BETA = "beta";

  @JsonProperty private int groups;

  /** For DL4J's mapper. */
  private GroupNorm() {}

  private GroupNorm(Builder builder) {
    super(builder);
    groups = builder.groups;
    initializeConstraints(builder);
  }

  /** How many groups the channels are cut into. */
  public int groups() {
    return groups;
  }

  @Override
  public List<LearntArray> learntArrays() {
    return List.of(LearntArray.scale(GAMMA, getNIn()), LearntArray.shift(BETA, getNIn()));
  }

  @Override
  org.deeplearning4j.nn.layers.BaseLayer<?> layer(
      NeuralNetConfiguration configuration, DataType type) {
    if (getNIn() % groups != 0) {
      throw new IllegalStateException(
          "Layer '%s': %d channels cannot be cut into %d groups."
              .formatted(getLayerName(), getNIn(), groups));
    }
    return new GroupNormLayer(configuration, type);
  }

  @Override
  long workingNumbers(InputType inputType) {
    return 2L * groups;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GroupNorm norm && super.equals(other) && groups == norm.groups;
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), groups);
  }

  /** Collects the settings. */
  public static final class Builder extends FeedForwardLayer.Builder<Builder> {
    private int groups;

    /**
     * @param groups how many groups the channels are cut into, a divisor of their number
     * @throws IllegalArgumentException if it is below 1
     */
    public Builder(int groups) {
      if (groups < 1) {
        throw new IllegalArgumentException("Expected at least one group, got " + groups + ".");
      }
      this.groups = groups;
    }

    @Override
    @SuppressWarnings("unchecked")
    public GroupNorm build() {
      return new GroupNorm(this);
    }
  }
}
