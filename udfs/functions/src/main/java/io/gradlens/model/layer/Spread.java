package io.gradlens.model.layer;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Lays a cotangent of a windowed operation out so that a plain convolution of it, stride 1 and no
 * padding, gives the gradient at the operation's input: row i of the cotangent goes to row i·s + e
 * − 1 − p of an array of n + e − 1 rows, the rest is zero.
 */
final class Spread {

  private Spread() {}

  /**
   * @param cotangent {@code [M,H',W',C]}; read only
   * @param window of the forward operation
   * @param rows n, rows of the forward operation's input
   * @param columns columns of the forward operation's input
   * @return {@code [M, rows + eH − 1, columns + eW − 1, C]}, the cotangent itself where it has that
   *     shape already
   */
  static INDArray cotangent(INDArray cotangent, Window window, int rows, int columns) {
    int spanH = window.dilationH() * (window.kernelH() - 1);
    int spanW = window.dilationW() * (window.kernelW() - 1);
    Axis h =
        new Axis(
            (int) cotangent.size(1), window.strideH(), spanH - window.padTop(rows), rows + spanH);
    Axis w =
        new Axis(
            (int) cotangent.size(2),
            window.strideW(),
            spanW - window.padLeft(columns),
            columns + spanW);
    if (h.isIdentity() && w.isIdentity()) {
      return cotangent;
    }
    long images = cotangent.size(0);
    int channels = (int) cotangent.size(3);
    INDArray spread =
        Nd4j.createUninitialized(cotangent.dataType(), images, h.length, w.length, channels);
    float[] source = new float[h.count * w.count * channels];
    float[] target = new float[h.length * w.length * channels];
    for (long image = 0; image < images; image++) {
      NativeFloats.read(cotangent, image * source.length, source);
      for (int i = h.from(); i < h.to(); i++) {
        int row = (i * h.stride + h.first) * w.length;
        for (int j = w.from(); j < w.to(); j++) {
          int at = (row + j * w.stride + w.first) * channels;
          System.arraycopy(source, (i * w.count + j) * channels, target, at, channels);
        }
      }
      NativeFloats.write(target, spread, image * target.length);
    }
    return spread;
  }

  /**
   * The kernel with zeros between its rows and columns: a plain convolution with it is the dilated
   * one, which ND4J's oneDNN convolution refuses.
   */
  static INDArray dilated(INDArray kernel, Window window) {
    int rows = window.dilationH() * (window.kernelH() - 1) + 1;
    int columns = window.dilationW() * (window.kernelW() - 1) + 1;
    INDArray wide = Nd4j.zeros(kernel.dataType(), rows, columns, kernel.size(2), kernel.size(3));
    float[] taps = NativeFloats.read(kernel.dup('c'));
    int size = (int) (kernel.size(2) * kernel.size(3));
    float[] tap = new float[size];
    for (int u = 0; u < window.kernelH(); u++) {
      for (int v = 0; v < window.kernelW(); v++) {
        System.arraycopy(taps, (u * window.kernelW() + v) * size, tap, 0, size);
        long cell = (long) u * window.dilationH() * columns + (long) v * window.dilationW();
        NativeFloats.write(tap, wide, cell * size);
      }
    }
    return wide;
  }

  /** The kernel turned by 180 degrees: a new array with rows and columns in reverse order. */
  static INDArray turned(INDArray kernel) {
    INDArray turned = Nd4j.createUninitialized(kernel.dataType(), kernel.shape());
    Nd4j.exec(
        DynamicCustomOp.builder("reverse")
            .addInputs(kernel.dup('c'))
            .addOutputs(turned)
            .addIntegerArguments(0, 1)
            .build());
    return turned;
  }

  /**
   * Where {@code count} entries go along an axis of {@code length}: entry i to i·stride + first.
   */
  private record Axis(int count, int stride, int first, int length) {

    boolean isIdentity() {
      return stride == 1 && first == 0 && count == length;
    }

    /** Entries that fall inside: from the first with a position of at least 0. */
    private int from() {
      return first >= 0 ? 0 : (-first + stride - 1) / stride;
    }

    private int to() {
      return Math.min(count, (length - 1 - first) / stride + 1);
    }
  }
}
