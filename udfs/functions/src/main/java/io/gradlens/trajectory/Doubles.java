package io.gradlens.trajectory;

import java.util.Arrays;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;

/** Arrays of doubles out of Spark's rows and into them, without boxes. */
final class Doubles {

  private static final double[] NONE = {};

  private Doubles() {}

  /** A copy; NaN for null, nothing for a null array. */
  static double[] of(ArrayData array) {
    if (array == null) {
      return NONE;
    }
    double[] values = array.toDoubleArray();
    for (int i = 0; i < values.length; i++) {
      if (array.isNullAt(i)) {
        values[i] = Double.NaN;
      }
    }
    return values;
  }

  static ArrayData array(double[] values) {
    return UnsafeArrayData.fromPrimitiveArray(values);
  }

  /** The first ones. */
  static ArrayData array(double[] values, int count) {
    return UnsafeArrayData.fromPrimitiveArray(
        values.length == count ? values : Arrays.copyOf(values, count));
  }

  /** The first components of states {@code [time][dim]}, as arrays. */
  static ArrayData states(double[] ys, int dim, int count) {
    ArrayData[] states = new ArrayData[ys.length / dim];
    for (int i = 0; i < states.length; i++) {
      states[i] = array(Arrays.copyOfRange(ys, i * dim, i * dim + count));
    }
    return new GenericArrayData(states);
  }
}
