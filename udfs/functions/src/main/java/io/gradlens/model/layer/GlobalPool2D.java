package io.gradlens.model.layer;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Maximum or average of every channel over all rows and columns. */
public final class GlobalPool2D implements Op {
  private final Pool2D.Kind kind;
  private final boolean keepDims;

  /**
   * @param keepDims whether the output is {@code [1,1,K]} instead of {@code [K]}
   */
  public GlobalPool2D(Pool2D.Kind kind, boolean keepDims) {
    this.kind = kind;
    this.keepDims = keepDims;
  }

  public Pool2D.Kind kind() {
    return kind;
  }

  /** True where the output is {@code [1,1,K]}. */
  public boolean keepsDims() {
    return keepDims;
  }

  @Override
  public int[] outputShape(List<int[]> inputs) {
    int channels = Shapes.spatial(inputs, 0)[2];
    return keepDims ? new int[] {1, 1, channels} : new int[] {channels};
  }

  @Override
  public void forward(INDArray[] inputs, INDArray output) {
    INDArray x = inputs[0];
    int channels = (int) x.size(3);
    int cells = (int) (x.size(1) * x.size(2));
    float[] in = new float[cells * channels];
    float[] out = new float[channels];
    double[] sum = new double[channels];
    for (int image = 0; image < x.size(0); image++) {
      NativeFloats.read(x, (long) image * in.length, in);
      if (kind == Pool2D.Kind.AVERAGE) {
        Arrays.fill(sum, 0);
        for (int cell = 0; cell < cells; cell++) {
          for (int c = 0; c < channels; c++) {
            sum[c] += in[cell * channels + c];
          }
        }
        for (int c = 0; c < channels; c++) {
          out[c] = (float) (sum[c] / cells);
        }
      } else {
        System.arraycopy(in, 0, out, 0, channels);
        for (int i = channels; i < in.length; i++) {
          out[i % channels] = Math.max(out[i % channels], in[i]);
        }
      }
      NativeFloats.write(out, output, (long) image * channels);
    }
  }

  /** A maximum's gradient goes to the first of equal values. */
  @Override
  public INDArray vjp(
      int index, INDArray[] inputs, INDArray output, INDArray cotangent, BackwardRule rule) {
    INDArray x = inputs[0];
    int n = (int) x.size(0);
    int channels = (int) x.size(3);
    int cells = (int) (x.size(1) * x.size(2));
    int stack = (int) cotangent.size(0);
    INDArray gradient =
        Nd4j.createUninitialized(cotangent.dataType(), stack, x.size(1), x.size(2), channels);
    float[] in = new float[cells * channels];
    float[] g = new float[channels];
    float[] dx = new float[in.length];
    for (int image = 0; image < stack; image++) {
      NativeFloats.read(cotangent, (long) image * channels, g);
      if (kind == Pool2D.Kind.AVERAGE) {
        for (int i = 0; i < dx.length; i++) {
          dx[i] = g[i % channels] / cells;
        }
      } else {
        NativeFloats.read(x, (long) (image % n) * in.length, in);
        Arrays.fill(dx, 0f);
        for (int c = 0; c < channels; c++) {
          int best = c;
          for (int i = c; i < in.length; i += channels) {
            if (in[i] > in[best]) {
              best = i;
            }
          }
          dx[best] = g[c];
        }
      }
      NativeFloats.write(dx, gradient, (long) image * dx.length);
    }
    return gradient;
  }
}
