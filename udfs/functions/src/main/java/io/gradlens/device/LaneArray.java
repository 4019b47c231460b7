package io.gradlens.device;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Arrays {@code [rows][lane]} of the device, made once and written over: a solve allocates nothing
 * of a state's size while it runs.
 */
final class LaneArray {

  private LaneArray() {}

  /** A new one, of zeros. */
  static INDArray of(DataType type, int rows, int lanes) {
    return Nd4j.create(type, new long[] {rows, lanes}, 'c');
  }

  /** New ones, of zeros. */
  static INDArray[] several(int count, DataType type, int rows, int lanes) {
    INDArray[] all = new INDArray[count];
    for (int i = 0; i < count; i++) {
      all[i] = of(type, rows, lanes);
    }
    return all;
  }

  /** Copies numbers of the host into an array of as many. */
  static void upload(double[] from, INDArray to) {
    to.data().setData(from);
  }

  /** Copies a lane to the same lane of another array. */
  static void copyLane(INDArray from, INDArray to, int lane) {
    to.getColumn(lane).assign(from.getColumn(lane));
  }

  /** Σ_j c_j x_j over the arrays with a weight; zeros where none has. */
  static void combine(double[] c, INDArray[] x, INDArray out) {
    boolean isFirst = true;
    for (int j = 0; j < c.length; j++) {
      if (c[j] != 0 && isFirst) {
        x[j].muli(c[j], out);
        isFirst = false;
      } else if (c[j] != 0) {
        Nd4j.getBlasWrapper().level1().axpy(out.length(), c[j], x[j], out);
      }
    }
    if (isFirst) {
      out.assign(0);
    }
  }
}
