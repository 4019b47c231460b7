package io.gradlens.model.layer;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

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
    INDArray spread =
        Nd4j.zeros(cotangent.dataType(), cotangent.size(0), h.length, w.length, cotangent.size(3));
    INDArray source = cotangent.get(NDArrayIndex.all(), h.source(), w.source(), NDArrayIndex.all());
    spread.get(NDArrayIndex.all(), h.target(), w.target(), NDArrayIndex.all()).assign(source);
    return spread;
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

    INDArrayIndex source() {
      return NDArrayIndex.interval(from(), to());
    }

    INDArrayIndex target() {
      int start = from() * stride + first;
      int end = (to() - 1) * stride + first + 1;
      return NDArrayIndex.interval(start, stride, end);
    }
  }
}
