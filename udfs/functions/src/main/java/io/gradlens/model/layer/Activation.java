package io.gradlens.model.layer;

import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinear;
import org.nd4j.linalg.api.ops.impl.scalar.Relu6;
import org.nd4j.linalg.factory.Nd4j;

/** A {@link Function} applied to every element. */
public final class Activation implements Op {

  /** A scalar function and its derivative, in double. */
  private interface Function {

    double value(double x);

    /** The derivative at the input x; 0 at the kinks of a ReLU, as in TensorFlow. */
    double derivative(double x);
  }

  private static final int BLOCK = 1 << 14;

  private final Kind kind;
  private final double alpha;
  private final Function function;

  private Activation(Kind kind, double alpha, Function function) {
    this.kind = kind;
    this.alpha = alpha;
    this.function = function;
  }

  /**
   * A function with α = 1 where it has one.
   *
   * @param kind rectifiers are made by {@link #relu()}
   */
  public static Activation of(Kind kind) {
    return of(kind, 1);
  }

  /**
   * @param alpha α, read by {@code ELU} alone
   */
  public static Activation of(Kind kind, double alpha) {
    return new Activation(kind, alpha, kind.function(alpha));
  }

  /** The plain ReLU, max(0, x). */
  public static Activation relu() {
    return relu(Double.POSITIVE_INFINITY, 0, 0);
  }

  /**
   * min(x, max) for x ≥ threshold, slope·(x − threshold) below it.
   *
   * @param max infinity for none
   * @param negativeSlope 0 for the plain ReLU
   * @param threshold 0 for the plain ReLU
   */
  public static Activation relu(double max, double negativeSlope, double threshold) {
    return new Activation(null, 0, new Rectifier(max, negativeSlope, threshold));
  }

  /** True for the sigmoid, which as a network's last step turns logits into probabilities. */
  public boolean isSigmoid() {
    return kind == Kind.SIGMOID;
  }

  /** Which function it is; empty for rectifiers. */
  public Optional<Kind> kind() {
    return Optional.ofNullable(kind);
  }

  /** α, which {@code ELU} alone reads. */
  public double alpha() {
    return alpha;
  }

  /** Its numbers where it is a rectifier. */
  public Optional<Rectifier> rectifier() {
    return function instanceof Rectifier rectifier ? Optional.of(rectifier) : Optional.empty();
  }

  @Override
  public int[] outputShape(List<int[]> inputs) {
    return inputs.get(0).clone();
  }

  @Override
  public boolean inPlace() {
    return true;
  }

  @Override
  public void forward(INDArray[] inputs, INDArray output) {
    if (function instanceof Rectifier relu && relu.isClamp()) {
      if (relu.max() == 6) {
        Nd4j.exec(new Relu6(inputs[0], output, 0.0));
        return;
      }
      if (relu.max() == Double.POSITIVE_INFINITY) {
        Nd4j.exec(new RectifiedLinear(inputs[0], output, 0.0));
        return;
      }
    }
    float[] block = new float[(int) Math.min(inputs[0].length(), BLOCK)];
    for (long offset = 0; offset < output.length(); offset += block.length) {
      if (output.length() - offset < block.length) {
        block = new float[(int) (output.length() - offset)];
      }
      NativeFloats.read(inputs[0], offset, block);
      for (int i = 0; i < block.length; i++) {
        block[i] = (float) function.value(block[i]);
      }
      NativeFloats.write(block, output, offset);
    }
  }

  @Override
  public INDArray vjp(
      int index, INDArray[] inputs, INDArray output, INDArray cotangent, BackwardRule rule) {
    boolean guided = rule == BackwardRule.GUIDED && function instanceof Rectifier;
    float[] slope = NativeFloats.read(inputs[0]);
    for (int i = 0; i < slope.length; i++) {
      slope[i] = (float) function.derivative(slope[i]);
    }
    INDArray gradient = Nd4j.createUninitialized(cotangent.dataType(), cotangent.shape());
    float[] g = new float[slope.length];
    for (long offset = 0; offset < cotangent.length(); offset += g.length) {
      NativeFloats.read(cotangent, offset, g);
      for (int i = 0; i < g.length; i++) {
        g[i] = guided ? Math.max(0f, g[i]) * slope[i] : g[i] * slope[i];
      }
      NativeFloats.write(g, gradient, offset);
    }
    return gradient;
  }

  /**
   * The family of rectifiers: min(x, max) for x ≥ threshold, slope·(x − threshold) below it.
   *
   * @param max infinity for none
   */
  public record Rectifier(double max, double slope, double threshold) implements Function {

    /** True for min(max(0, x), max). */
    public boolean isClamp() {
      return slope == 0 && threshold == 0;
    }

    @Override
    public double value(double x) {
      return x >= threshold ? Math.min(x, max) : slope * (x - threshold);
    }

    @Override
    public double derivative(double x) {
      return x > threshold ? (x < max ? 1 : 0) : slope;
    }
  }

  /** Smooth and piecewise functions by their usual names. */
  public enum Kind {
    /** x for x &gt; 0, α(eˣ − 1) else (Clevert et al. 2015). */
    ELU,
    /** λ·elu(x) with λ = 1.0507…, α = 1.6732… (Klambauer et al. 2017). */
    SELU,
    /** 1/(1 + e⁻ˣ). */
    SIGMOID,
    TANH,
    /** x·sigmoid(x), also called SiLU. */
    SWISH,
    /** x·Φ(x), Φ the normal distribution function (Hendrycks and Gimpel 2016). */
    GELU,
    /** GELU by ½x(1 + tanh(√(2/π)(x + 0.044715x³))). */
    GELU_TANH,
    /** relu6(x + 3)/6, Keras 3 and PyTorch. */
    HARD_SIGMOID,
    /** min(1, max(0, x/5 + ½)), Keras 2 and DL4J. */
    HARD_SIGMOID_02,
    /** x·relu6(x + 3)/6. */
    HARD_SWISH,
    /** ln(1 + eˣ). */
    SOFTPLUS,
    /** x/(1 + |x|). */
    SOFTSIGN,
    EXP,
    /** x·tanh(softplus(x)). */
    MISH;

    private Function function(double alpha) {
      return switch (this) {
        case ELU -> elu(1, alpha);
        case SELU -> elu(1.0507009873554805, 1.6732632423543772);
        case SIGMOID -> function(Kind::sigmoid, x -> sigmoid(x) * sigmoid(-x));
        case TANH -> function(Math::tanh, x -> 1 - Math.tanh(x) * Math.tanh(x));
        case SWISH -> function(x -> x * sigmoid(x), x -> sigmoid(x) * (1 + x * sigmoid(-x)));
        case GELU ->
            function(
                x -> x * NormalDistribution.cumulative(x),
                x -> NormalDistribution.cumulative(x) + x * NormalDistribution.density(x));
        case GELU_TANH ->
            function(
                x -> 0.5 * x * (1 + Math.tanh(geluArgument(x))),
                x -> {
                  double t = Math.tanh(geluArgument(x));
                  double slope = Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
                  return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * slope;
                });
        case HARD_SIGMOID -> function(x -> clip(x / 6 + 0.5), x -> Math.abs(x) < 3 ? 1.0 / 6 : 0);
        case HARD_SIGMOID_02 -> function(x -> clip(x / 5 + 0.5), x -> Math.abs(x) < 2.5 ? 0.2 : 0);
        case HARD_SWISH ->
            function(x -> x * clip(x / 6 + 0.5), x -> x >= 3 ? 1 : x > -3 ? x / 3 + 0.5 : 0);
        case SOFTPLUS -> function(Kind::softplus, Kind::sigmoid);
        case SOFTSIGN ->
            function(x -> x / (1 + Math.abs(x)), x -> 1 / ((1 + Math.abs(x)) * (1 + Math.abs(x))));
        case EXP -> function(Math::exp, Math::exp);
        case MISH ->
            function(
                x -> x * Math.tanh(softplus(x)),
                x -> {
                  double t = Math.tanh(softplus(x));
                  return t + x * (1 - t * t) * sigmoid(x);
                });
      };
    }

    private static Function elu(double scale, double alpha) {
      return function(
          x -> x > 0 ? scale * x : scale * alpha * Math.expm1(x),
          x -> x > 0 ? scale : scale * alpha * Math.exp(x));
    }

    private static Function function(
        java.util.function.DoubleUnaryOperator value,
        java.util.function.DoubleUnaryOperator derivative) {
      return new Function() {
        @Override
        public double value(double x) {
          return value.applyAsDouble(x);
        }

        @Override
        public double derivative(double x) {
          return derivative.applyAsDouble(x);
        }
      };
    }

    private static double sigmoid(double x) {
      return 1 / (1 + Math.exp(-x));
    }

    private static double softplus(double x) {
      return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    private static double clip(double x) {
      return Math.min(1, Math.max(0, x));
    }

    private static double geluArgument(double x) {
      return Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
    }
  }
}
