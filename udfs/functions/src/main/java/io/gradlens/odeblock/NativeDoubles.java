package io.gradlens.odeblock;

import org.bytedeco.javacpp.DoublePointer;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** {@link io.gradlens.model.layer.NativeFloats} for arrays of double precision. */
final class NativeDoubles {

  private NativeDoubles() {}

  /** Reads {@code values.length} elements of a dense array in C order from {@code offset} on. */
  static void read(INDArray array, long offset, double[] values) {
    Nd4j.getAffinityManager().ensureLocation(array, AffinityManager.Location.HOST);
    pointer(array).position(offset).get(values);
  }

  /** Overwrites elements of a dense array in C order from {@code offset} on. */
  static void write(double[] values, INDArray array, long offset) {
    Nd4j.getAffinityManager().ensureLocation(array, AffinityManager.Location.HOST);
    pointer(array).position(offset).put(values);
    Nd4j.getAffinityManager().tagLocation(array, AffinityManager.Location.HOST);
  }

  private static DoublePointer pointer(INDArray array) {
    DoublePointer doubles = new DoublePointer(array.data().addressPointer());
    return doubles.capacity(array.length());
  }
}
