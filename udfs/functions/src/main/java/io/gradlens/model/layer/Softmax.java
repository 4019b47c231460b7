package io.gradlens.model.layer;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Softmax over the last axis, p = e^y / Σ e^y. */
public final class Softmax implements Op {

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
    float[] values = NativeFloats.read(inputs[0]);
    int classes = (int) output.size(-1);
    for (int row = 0; row < values.length; row += classes) {
      probabilities(values, row, classes);
    }
    NativeFloats.write(values, output, 0);
  }

  /** Overwrites {@code classes} logits from {@code from} on with their softmax. */
  public static void probabilities(float[] values, int from, int classes) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = from; i < from + classes; i++) {
      max = Math.max(max, values[i]);
    }
    double sum = 0;
    for (int i = from; i < from + classes; i++) {
      sum += Math.exp(values[i] - max);
    }
    for (int i = from; i < from + classes; i++) {
      values[i] = (float) (Math.exp(values[i] - max) / sum);
    }
  }

  /** p ⊙ (cotangent − Σ cotangent·p), row by row. */
  @Override
  public INDArray vjp(
      int index, INDArray[] inputs, INDArray output, INDArray cotangent, BackwardRule rule) {
    float[] p = NativeFloats.read(output);
    float[] g = NativeFloats.read(cotangent);
    int classes = (int) output.size(-1);
    for (int row = 0; row < g.length; row += classes) {
      int from = row % p.length;
      double dot = 0;
      for (int i = 0; i < classes; i++) {
        dot += (double) g[row + i] * p[from + i];
      }
      for (int i = 0; i < classes; i++) {
        g[row + i] = (float) (p[from + i] * (g[row + i] - dot));
      }
    }
    INDArray gradient = Nd4j.createUninitialized(cotangent.dataType(), cotangent.shape());
    NativeFloats.write(g, gradient, 0);
    return gradient;
  }
}
