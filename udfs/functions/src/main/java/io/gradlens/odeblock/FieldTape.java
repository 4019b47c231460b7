package io.gradlens.odeblock;

import org.nd4j.linalg.api.ndarray.INDArray;

/** What an evaluation of a {@link BlockField} leaves for the way back: five batches. */
final class FieldTape {
  private static final int BATCHES = 5;

  /** z, which whoever evaluates writes here. */
  final INDArray state;

  /** ReLU of the first normalisation. */
  final INDArray first;

  /** What the first convolution gives. */
  final INDArray middle;

  /** ReLU of the second normalisation. */
  final INDArray second;

  /** What the second convolution gives. */
  final INDArray last;

  /** Of the normalisations, in order. */
  final double[][] moments;

  double t;

  private final boolean isBorrowing;

  FieldTape(BatchShape shape, int momentsOfImage) {
    state = shape.batch();
    first = shape.batch();
    middle = shape.batch();
    second = shape.batch();
    last = shape.batch();
    moments = new double[BlockField.NORMS][(int) shape.images() * momentsOfImage];
    isBorrowing = false;
  }

  /**
   * A tape with a state of its own and all else another's: an evaluation on either spoils the
   * other's.
   */
  FieldTape(BatchShape shape, FieldTape other) {
    state = shape.batch();
    first = other.first;
    middle = other.middle;
    second = other.second;
    last = other.last;
    moments = other.moments;
    isBorrowing = true;
  }

  /** Bytes outside the heap. */
  static long bytes(BatchShape shape) {
    return BATCHES * shape.bytes();
  }

  void close() {
    state.close();
    if (!isBorrowing) {
      closeButState();
    }
  }

  void closeButState() {
    first.close();
    middle.close();
    second.close();
    last.close();
  }
}
