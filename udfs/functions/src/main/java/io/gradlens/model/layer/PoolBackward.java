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
  private final int[] winners;
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
    this.winners = new int[outRows * outColumns * channels];
    this.dx = new float[x.length];
    this.dy = new float[outRows * outColumns * channels];
  }

  /**
   * All cotangents of one image.
   *
   * @param source image of the forward pass, which is images {@code source}, {@code source + N}, …
   *     of the stacks
   * @param cotangent {@code [T·N,H',W',K]}
   * @param gradient overwritten, {@code [T·N,H,W,K]}
   */
  void image(long source, INDArray cotangent, INDArray gradient) {
    if (kind == Pool2D.Kind.MAX) {
      NativeFloats.read(input, source * x.length, x);
      eachWindow(this::findWinners);
    }
    for (long target = source; target < cotangent.size(0); target += input.size(0)) {
      NativeFloats.read(cotangent, target * dy.length, dy);
      Arrays.fill(dx, 0f);
      if (kind == Pool2D.Kind.MAX) {
        for (int i = 0; i < dy.length; i++) {
          dx[winners[i]] += dy[i];
        }
      } else {
        eachWindow(this::share);
      }
      NativeFloats.write(dx, gradient, target * dx.length);
    }
  }

  /** A window's rows and columns, clipped to the image, and where its output stands. */
  private interface Visitor {
    void visit(int from, int to, int first, int last, int at);
  }

  private void eachWindow(Visitor visitor) {
    for (int i = 0; i < outRows; i++) {
      int top = i * window.strideH() - window.padTop(rows);
      int from = Math.max(0, top);
      int to = Math.min(rows, top + window.kernelH());
      for (int j = 0; j < outColumns; j++) {
        int left = j * window.strideW() - window.padLeft(columns);
        int first = Math.max(0, left);
        int last = Math.min(columns, left + window.kernelW());
        visitor.visit(from, to, first, last, (i * outColumns + j) * channels);
      }
    }
  }

  private void findWinners(int from, int to, int first, int last, int at) {
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
      winners[at + c] = best;
    }
  }

  private void share(int from, int to, int first, int last, int at) {
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
