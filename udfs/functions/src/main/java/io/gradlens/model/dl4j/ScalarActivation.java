package io.gradlens.model.dl4j;

import io.gradlens.model.layer.Activation;
import io.gradlens.model.layer.BackwardRule;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An {@link Activation} as DL4J's activation function, for those that DL4J M2.1 has not (GELU by
 * the normal distribution, hard swish), has under another formula (hard sigmoid) or differentiates
 * wrongly (ELU with α other than 1). Computes in single precision.
 */
public final class ScalarActivation extends BaseActivationFunction {
  private static final long serialVersionUID = 1L;

  private Activation.Kind kind;
  private double alpha;
  private Double max;
  private double slope;
  private double threshold;
  private transient Activation op;

  /** For DL4J's mapper. */
  private ScalarActivation() {}

  public ScalarActivation(Activation op) {
    kind = op.kind().orElse(null);
    alpha = op.alpha();
    op.rectifier()
        .ifPresent(
            rectifier -> {
              // JSON has no infinity.
              max = Double.isInfinite(rectifier.max()) ? null : rectifier.max();
              slope = rectifier.slope();
              threshold = rectifier.threshold();
            });
  }

  /** The function itself. */
  public Activation op() {
    if (op == null) {
      op =
          kind == null
              ? Activation.relu(max == null ? Double.POSITIVE_INFINITY : max, slope, threshold)
              : Activation.of(kind, alpha);
    }
    return op;
  }

  @Override
  public INDArray getActivation(INDArray in, boolean training) {
    INDArray x = dense(in);
    op().forward(new INDArray[] {x}, x);
    return in.assign(x);
  }

  @Override
  public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
    assertShape(in, epsilon);
    INDArray[] inputs = {dense(in)};
    INDArray gradient = op().vjp(0, inputs, null, dense(epsilon), BackwardRule.GRADIENT);
    return new Pair<>(in.assign(gradient), null);
  }

  private static INDArray dense(INDArray array) {
    return array.castTo(DataType.FLOAT).dup('c');
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ScalarActivation that && toString().equals(that.toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }

  @Override
  public String toString() {
    return kind == null
        ? "rectifier(max=%s,slope=%s,threshold=%s)".formatted(max, slope, threshold)
        : "%s(%s)".formatted(kind, alpha);
  }
}
