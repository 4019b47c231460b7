package io.gradlens.model.layer;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Sends the gradient of one image at a time back through a pooling window, on the heap. */
final class PoolBackward {
  private final Pool2D.Kind kind;
  private final Window window;
  private final boolean countPadding;
  private final INDArray input;
  private final int rows;
  private final int columns;
  private final int channels;
  private final int outRows;
  private final int outColumns;
  private final float[] x;
  private final float[] dx;
  private final float[] dy;

  PoolBackward(
      Pool2D.Kind kind, Window window, boolean countPadding, INDArray input, INDArray output) {
    this.kind = kind;
    this.window = window;
    this.countPadding = countPadding;
    this.input = input;
    this.rows = (int) input.size(1);
    this.columns = (int) input.size(2);
    this.channels = (int) input.size(3);
    this.outRows = (int) output.size(1);
    this.outColumns = (int) output.size(2);
    this.x = new float[rows * columns * channels];
    this.dx = new float[x.length];
    this.dy = new float[outRows * outColumns * channels];
  }

  /**
   * @param source image of the forward pass
   * @param target image of {@code cotangent} and {@code gradient}
   */
  void image(long source, long target, INDArray cotangent, INDArray gradient) {
    NativeFloats.read(input, source * x.length, x);
    NativeFloats.read(cotangent, target * dy.length, dy);
    Arrays.fill(dx, 0f);
    for (int i = 0; i < outRows; i++) {
      int top = i * window.strideH() - window.padTop(rows);
      int from = Math.max(0, top);
      int to = Math.min(rows, top + window.kernelH());
      for (int j = 0; j < outColumns; j++) {
        int left = j * window.strideW() - window.padLeft(columns);
        int first = Math.max(0, left);
        int last = Math.min(columns, left + window.kernelW());
        int at = (i * outColumns + j) * channels;
        if (kind == Pool2D.Kind.MAX) {
          toMaximum(from, to, first, last, at);
        } else {
          toAll(from, to, first, last, at);
        }
      }
    }
    NativeFloats.write(dx, gradient, target * dx.length);
  }

  private void toMaximum(int from, int to, int first, int last, int at) {
    for (int c = 0; c < channels; c++) {
      int best = (from * columns + first) * channels + c;
      for (int r = from; r < to; r++) {
        for (int s = first; s < last; s++) {
          int candidate = (r * columns + s) * channels + c;
          if (x[candidate] > x[best]) {
            best = candidate;
          }
        }
      }
      dx[best] += dy[at + c];
    }
  }

  private void toAll(int from, int to, int first, int last, int at) {
    int size = countPadding ? window.kernelH() * window.kernelW() : (to - from) * (last - first);
    for (int r = from; r < to; r++) {
      for (int s = first; s < last; s++) {
        int cell = (r * columns + s) * channels;
        for (int c = 0; c < channels; c++) {
          dx[cell + c] += dy[at + c] / size;
        }
      }
    }
  }
}
