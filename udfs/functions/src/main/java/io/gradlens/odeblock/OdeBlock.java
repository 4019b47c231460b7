package io.gradlens.odeblock;

import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A neural ordinary differential equation as a DL4J layer: the output is z(1), where dz/dt = f(z,
 * t, θ) and z(0) is the input, maps {@code [N,C,H,W]}.
 *
 * <p>f is a small network: group normalisation, ReLU, convolution, group normalisation, ReLU,
 * convolution, group normalisation, with min(32, C) groups and 3x3 convolutions that see the time
 * as one more channel. That makes 2(9(C+1)C + C) + 6C parameters, whatever the number of steps. One
 * Euler step of size 1 is a residual block.
 *
 * <p>The batch is solved as one system with one step size, by any explicit method of {@link
 * io.gradlens.ode.Tableaus}, and the last step ends at 1. Steps are of one size, or adapted to the
 * root mean square of the batch's error; an image's output then depends on its batch within the
 * tolerance. {@link OdeAdjoint} says how gradients come about, {@link OdeCost} what they took.
 *
 * <p>Memory outside the heap, in arrays of the batch's size: with the discrete adjoint 7 for each
 * stage of the method, 6 more, and what it may keep of steps; with backsolve 4 for each stage and
 * 19 more. It is kept from batch to batch.
 *
 * <p>A solve that does not get to 1 throws an {@link ArithmeticException} that says why.
 *
 * <p>Source: Chen, Rubanova, Bettencourt, Duvenaud, Neural Ordinary Differential Equations, 2018.
 */
public final class OdeBlock extends MapLayer {
  private static final long BYTES = 256L << 20;

  @JsonProperty private String solver;
  @JsonProperty private int steps;
  @JsonProperty private double rtol;
  @JsonProperty private double atol;
  @JsonProperty private OdeAdjoint adjoint;
  @JsonProperty private long memoryBytes;

  /** For DL4J's mapper. */
  private OdeBlock() {}

  private OdeBlock(Builder builder) {
    super(builder);
    solver = builder.solver;
    steps = builder.steps;
    rtol = builder.rtol;
    atol = builder.atol;
    adjoint = builder.adjoint;
    memoryBytes = builder.memoryBytes;
    method();
    initializeConstraints(builder);
  }

  /** How steps are taken. */
  BlockMethod method() {
    return steps > 0 ? BlockMethod.fixed(solver, steps) : BlockMethod.adaptive(solver, rtol, atol);
  }

  OdeAdjoint adjoint() {
    return adjoint;
  }

  long memoryBytes() {
    return memoryBytes;
  }

  @Override
  public List<LearntArray> learntArrays() {
    return BlockField.learntArrays(getNIn());
  }

  @Override
  org.deeplearning4j.nn.layers.BaseLayer<?> layer(
      NeuralNetConfiguration configuration, DataType type) {
    if (getNIn() % BlockField.groups(getNIn()) != 0) {
      throw new IllegalStateException(
          "Layer '%s': an ODE block takes up to 32 channels or a multiple of 32, not %d."
              .formatted(getLayerName(), getNIn()));
    }
    return new OdeBlockLayer(configuration, type);
  }

  @Override
  long workingNumbers(InputType inputType) {
    int stages = method().tableau().end() + 1;
    return inputType.arrayElementsPerExample()
        * (adjoint == OdeAdjoint.DISCRETE ? 7L * stages + 6 : 4L * stages + 19);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OdeBlock block
        && super.equals(other)
        && settings().equals(block.settings());
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), settings());
  }

  private List<Object> settings() {
    return List.of(solver, steps, rtol, atol, adjoint, memoryBytes);
  }

  /** Collects the settings. Steps or tolerances must be given: no tolerance is right for all. */
  public static final class Builder extends FeedForwardLayer.Builder<Builder> {
    private String solver = "dopri5";
    private int steps;
    private double rtol;
    private double atol;
    private OdeAdjoint adjoint = OdeAdjoint.DISCRETE;
    private long memoryBytes = BYTES;

    /**
     * The Runge–Kutta method, by its name in {@link io.gradlens.ode.Tableaus}: dopri5 if not set.
     */
    public Builder solver(String name) {
      solver = name;
      return this;
    }

    /** Takes so many steps of one size. */
    public Builder steps(int count) {
      steps = count;
      return this;
    }

    /** Takes steps as long as the error allows. */
    public Builder tolerances(double relative, double absolute) {
      rtol = relative;
      atol = absolute;
      steps = 0;
      return this;
    }

    /** How gradients come about: {@link OdeAdjoint#DISCRETE} if not set. */
    public Builder adjoint(OdeAdjoint kind) {
      adjoint = kind;
      return this;
    }

    /**
     * How much of the steps {@link OdeAdjoint#DISCRETE} may keep for the way back, 256 MB if not
     * set: all evaluations where they fit, else states at the steps, else some of them. Gradients
     * are the same.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public Builder memoryBytes(long bytes) {
      if (bytes < 1) {
        throw new IllegalArgumentException("Expected bytes above 0, got " + bytes + ".");
      }
      memoryBytes = bytes;
      return this;
    }

    /**
     * @throws IllegalArgumentException if the method does not exist or cannot do it, or neither
     *     steps nor tolerances are given
     */
    @Override
    @SuppressWarnings("unchecked")
    public OdeBlock build() {
      return new OdeBlock(this);
    }
  }
}
