package io.gradlens.model.layer;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Copies whole float32 arrays between the heap and ND4J's memory in one go. On a GPU backend the
 * host's copy is brought up to date first and marked as the newer one after a write.
 */
public final class NativeFloats {

  private NativeFloats() {}

  /**
   * @param array dense, C order; may be a view that is contiguous
   * @return its elements in C order
   */
  public static float[] read(INDArray array) {
    float[] values = new float[Math.toIntExact(array.length())];
    read(array, 0, values);
    return values;
  }

  /** Reads {@code values.length} elements from {@code offset} on. */
  public static void read(INDArray array, long offset, float[] values) {
    Nd4j.getAffinityManager().ensureLocation(array, AffinityManager.Location.HOST);
    pointer(array).position(offset).get(values);
  }

  /** Overwrites elements of a dense array in C order from {@code offset} on. */
  public static void write(float[] values, INDArray array, long offset) {
    Nd4j.getAffinityManager().ensureLocation(array, AffinityManager.Location.HOST);
    pointer(array).position(offset).put(values);
    Nd4j.getAffinityManager().tagLocation(array, AffinityManager.Location.HOST);
  }

  /** A window on all elements of a dense array in C order. */
  public static FloatBuffer buffer(INDArray array) {
    return buffer(array, 0, Math.toIntExact(array.length()));
  }

  /** A window on {@code count} elements of a dense array in C order, from {@code offset} on. */
  static FloatBuffer buffer(INDArray array, long offset, int count) {
    return pointer(array).position(offset).limit(offset + count).asBuffer();
  }

  private static FloatPointer pointer(INDArray array) {
    Pointer address = array.data().addressPointer();
    FloatPointer floats = new FloatPointer(address);
    return floats.capacity(array.length());
  }
}
