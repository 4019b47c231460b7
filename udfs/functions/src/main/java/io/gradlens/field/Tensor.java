package io.gradlens.field;

import java.util.Arrays;

/**
 * A named array of a weights file.
 *
 * @param shape its axes; none for a single number
 * @param values in C order, as many as the shape says; single precision widened
 */
record Tensor(String name, int[] shape, double[] values) {

  Tensor {
    if (values.length != size(shape)) {
      throw new IllegalArgumentException(
          "Tensor '%s' of shape %s cannot have %d values."
              .formatted(name, Arrays.toString(shape), values.length));
    }
  }

  private static long size(int[] shape) {
    long size = 1;
    for (int axis : shape) {
      size *= axis;
    }
    return size;
  }

  boolean hasShape(int... expected) {
    return Arrays.equals(shape, expected);
  }
}
