package io.gradlens.model.layer;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Enlarges rows and columns by whole factors: repeats them, or interpolates between pixel centres
 * half a pixel in from the edge.
 */
public final class UpSample2D implements Op {
  private final int factorH;
  private final int factorW;
  private final boolean bilinear;

  public UpSample2D(int factorH, int factorW, boolean bilinear) {
    this.factorH = factorH;
    this.factorW = factorW;
    this.bilinear = bilinear;
  }

  /** The factors of rows and columns. */
  public int[] factors() {
    return new int[] {factorH, factorW};
  }

  /** True where it interpolates. */
  public boolean isBilinear() {
    return bilinear;
  }

  /** Output entry i is {@code (1−w[i])·x[low[i]] + w[i]·x[high[i]]}. */
  private record Axis(int[] low, int[] high, float[] weight) {

    static Axis of(int n, int factor, boolean bilinear) {
      int[] low = new int[n * factor];
      int[] high = new int[n * factor];
      float[] weight = new float[n * factor];
      for (int i = 0; i < low.length; i++) {
        double at = bilinear ? Math.max(0, (i + 0.5) / factor - 0.5) : i / factor;
        low[i] = (int) at;
        high[i] = Math.min(n - 1, low[i] + 1);
        weight[i] = (float) (at - low[i]);
      }
      return new Axis(low, high, weight);
    }
  }

  @Override
  public int[] outputShape(List<int[]> inputs) {
    int[] in = Shapes.spatial(inputs, 0);
    return new int[] {in[0] < 0 ? -1 : in[0] * factorH, in[1] < 0 ? -1 : in[1] * factorW, in[2]};
  }

  @Override
  public void forward(INDArray[] inputs, INDArray output) {
    float[] x = new float[(int) (inputs[0].length() / inputs[0].size(0))];
    float[] y = new float[x.length * factorH * factorW];
    for (long image = 0; image < output.size(0); image++) {
      NativeFloats.read(inputs[0], image * x.length, x);
      run(inputs[0], x, y, false);
      NativeFloats.write(y, output, image * y.length);
    }
  }

  @Override
  public INDArray vjp(
      int index, INDArray[] inputs, INDArray output, INDArray cotangent, BackwardRule rule) {
    long[] shape = inputs[0].shape().clone();
    shape[0] = cotangent.size(0);
    INDArray gradient = Nd4j.createUninitialized(cotangent.dataType(), shape);
    float[] g = new float[(int) (output.length() / output.size(0))];
    for (long image = 0; image < shape[0]; image++) {
      float[] dx = new float[g.length / (factorH * factorW)];
      NativeFloats.read(cotangent, image * g.length, g);
      run(inputs[0], dx, g, true);
      NativeFloats.write(dx, gradient, image * dx.length);
    }
    return gradient;
  }

  /**
   * Overwrites the large image from the small one, or adds the large one's gradient to the small.
   */
  private void run(INDArray input, float[] small, float[] large, boolean backward) {
    int channels = (int) input.size(3);
    int columns = (int) input.size(2);
    Axis h = Axis.of((int) input.size(1), factorH, bilinear);
    Axis w = Axis.of(columns, factorW, bilinear);
    for (int i = 0; i < h.low.length; i++) {
      for (int j = 0; j < w.low.length; j++) {
        int at = (i * w.low.length + j) * channels;
        int lowLow = (h.low[i] * columns + w.low[j]) * channels;
        int lowHigh = (h.low[i] * columns + w.high[j]) * channels;
        int highLow = (h.high[i] * columns + w.low[j]) * channels;
        int highHigh = (h.high[i] * columns + w.high[j]) * channels;
        float p = h.weight[i];
        float q = w.weight[j];
        for (int c = 0; c < channels; c++) {
          if (backward) {
            float g = large[at + c];
            small[lowLow + c] += (1 - p) * (1 - q) * g;
            small[lowHigh + c] += (1 - p) * q * g;
            small[highLow + c] += p * (1 - q) * g;
            small[highHigh + c] += p * q * g;
          } else {
            float above = (1 - q) * small[lowLow + c] + q * small[lowHigh + c];
            float below = (1 - q) * small[highLow + c] + q * small[highHigh + c];
            large[at + c] = (1 - p) * above + p * below;
          }
        }
      }
    }
  }
}
