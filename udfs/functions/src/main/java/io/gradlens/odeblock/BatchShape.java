package io.gradlens.odeblock;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The shape of a batch of maps inside an ODE block, {@code [N,H,W,C]}: channels last, because
 * oneDNN convolves that layout without reordering.
 *
 * @param images N
 * @param rows H
 * @param columns W
 * @param channels C
 * @param type float or double
 */
record BatchShape(long images, long rows, long columns, long channels, DataType type) {

  long length() {
    return images * numbers();
  }

  /** Numbers of an image. */
  long numbers() {
    return rows * columns * channels;
  }

  long bytes() {
    return length() * type.width();
  }

  long[] shape() {
    return new long[] {images, rows, columns, channels};
  }

  /** A batch of its own memory, outside of all workspaces: whoever asks for it closes it. */
  INDArray batch() {
    return array(shape());
  }

  /** An array of the same type and its own memory. */
  INDArray array(long... dimensions) {
    try (MemoryWorkspace none = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      return Nd4j.createUninitialized(type, dimensions);
    }
  }
}
