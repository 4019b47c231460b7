package io.gradlens.model.layer;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Combines its inputs element by element. An axis of size 1 is repeated to the size of the others',
 * as where a squeeze-and-excitation block scales channels.
 */
public final class Merge implements Op {

  /** How. */
  public enum Kind {
    ADD,
    /** The first minus the second. */
    SUBTRACT,
    MULTIPLY,
    AVERAGE,
    MAXIMUM,
    MINIMUM
  }

  private final Kind kind;

  public Merge(Kind kind) {
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  @Override
  public int[] outputShape(List<int[]> inputs) {
    if (kind == Kind.SUBTRACT && inputs.size() != 2) {
      throw new IllegalArgumentException("a difference takes 2 inputs, got " + inputs.size());
    }
    int[] shape = inputs.get(0).clone();
    for (int[] next : inputs) {
      if (next.length != shape.length) {
        throw unequal(shape, next);
      }
      for (int i = 0; i < shape.length; i++) {
        if (shape[i] == 1) {
          shape[i] = next[i];
        } else if (next[i] != 1 && next[i] != shape[i]) {
          throw unequal(shape, next);
        }
      }
    }
    return shape;
  }

  private static IllegalArgumentException unequal(int[] a, int[] b) {
    return new IllegalArgumentException(
        "%s and %s cannot be combined".formatted(Arrays.toString(a), Arrays.toString(b)));
  }

  @Override
  public boolean inPlace() {
    return true;
  }

  @Override
  public void forward(INDArray[] inputs, INDArray output) {
    INDArray first = inputs[0];
    if (first != output) {
      output.assign(Arrays.equals(first.shape(), output.shape()) ? first : repeat(first, output));
    }
    for (int i = 1; i < inputs.length; i++) {
      INDArray next = inputs[i];
      switch (kind) {
        case ADD, AVERAGE -> output.addi(next);
        case SUBTRACT -> output.subi(next);
        case MULTIPLY -> output.muli(next);
        case MAXIMUM -> extremum("maximum", output, next);
        case MINIMUM -> extremum("minimum", output, next);
      }
    }
    if (kind == Kind.AVERAGE) {
      output.divi(inputs.length);
    }
  }

  private static INDArray repeat(INDArray array, INDArray like) {
    return array.broadcast(like.shape());
  }

  private static void extremum(String op, INDArray output, INDArray next) {
    INDArray other = Arrays.equals(next.shape(), output.shape()) ? next : repeat(next, output);
    Nd4j.exec(
        org.nd4j.linalg.api.ops.DynamicCustomOp.builder(op)
            .addInputs(output, other)
            .addOutputs(output)
            .build());
  }

  /** Gradients of a repeated axis add up. A maximum's goes to the first of equal inputs. */
  @Override
  public INDArray vjp(
      int index, INDArray[] inputs, INDArray output, INDArray cotangent, BackwardRule rule) {
    INDArray input = inputs[index];
    boolean alone = kind == Kind.ADD || (kind == Kind.SUBTRACT && index == 0);
    if (alone && Arrays.equals(input.shape(), output.shape())) {
      return cotangent;
    }
    long n = output.size(0);
    int stack = (int) (cotangent.size(0) / n);
    long[] shape = input.shape().clone();
    shape[0] = cotangent.size(0);
    INDArray gradient = Nd4j.createUninitialized(cotangent.dataType(), shape);
    INDArray slope = slope(index, inputs, output);
    for (int t = 0; t < stack; t++) {
      INDArray part = Shapes.cotangent(cotangent, t, n);
      part = slope == null ? part : part.mul(slope);
      Shapes.cotangent(gradient, t, n).assign(reduce(part, input));
    }
    if (kind == Kind.SUBTRACT && index == 1) {
      gradient.negi();
    } else if (kind == Kind.AVERAGE) {
      gradient.divi(inputs.length);
    }
    return gradient;
  }

  /** ∂output/∂input where it depends on the values, in the output's shape; null where it is ±1. */
  private INDArray slope(int index, INDArray[] inputs, INDArray output) {
    if (kind == Kind.MULTIPLY) {
      INDArray product = Nd4j.ones(output.dataType(), output.shape());
      for (int i = 0; i < inputs.length; i++) {
        if (i != index) {
          product.muli(inputs[i]);
        }
      }
      return product;
    }
    if (kind == Kind.MAXIMUM || kind == Kind.MINIMUM) {
      INDArray mask = isExtremum(inputs[index], output);
      for (int i = 0; i < index; i++) {
        mask.muli(isExtremum(inputs[i], output).rsub(1));
      }
      return mask;
    }
    return null;
  }

  private static INDArray isExtremum(INDArray input, INDArray output) {
    return repeat(input, output).eq(output).castTo(output.dataType());
  }

  private static INDArray reduce(INDArray gradient, INDArray input) {
    int[] axes =
        java.util.stream.IntStream.range(1, input.rank())
            .filter(i -> input.size(i) == 1 && gradient.size(i) != 1)
            .toArray();
    return axes.length == 0 ? gradient : gradient.sum(true, axes);
  }
}
