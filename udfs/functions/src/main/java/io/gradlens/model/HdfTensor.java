package io.gradlens.model;

import io.gradlens.model.layer.NativeFloats;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.object.datatype.FloatingPoint;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Copies a dataset of any numeric type into ND4J's memory as float32. Plain float32 data go there
 * from the mapped file in pieces, so that hundreds of megabytes do not pass through the heap.
 */
final class HdfTensor {
  private static final int PIECE = 1 << 16;

  private HdfTensor() {}

  static INDArray read(Dataset dataset) {
    long[] shape = Arrays.stream(dataset.getDimensions()).asLongStream().toArray();
    INDArray array = Nd4j.createUninitialized(DataType.FLOAT, shape, 'c');
    if (isBfloat16(dataset)) {
      copyBfloat16(raw(dataset).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer(), array);
    } else if (isPlainFloat(dataset)) {
      ByteOrder order = ((FloatingPoint) dataset.getDataType()).getByteOrder();
      copy(raw(dataset).order(order).asFloatBuffer(), array);
    } else {
      copyConverted(dataset, array);
    }
    return array;
  }

  /** Keras 3 stores this type as two opaque bytes, and says so in an attribute. */
  private static boolean isBfloat16(Dataset dataset) {
    Attribute type = dataset.getAttribute("dtype");
    return type != null && "bfloat16".equals(String.valueOf(type.getData()));
  }

  private static boolean isPlainFloat(Dataset dataset) {
    return dataset instanceof ContiguousDataset
        && !dataset.isEmpty()
        && dataset.getDataType() instanceof FloatingPoint type
        && type.getSize() == Float.BYTES;
  }

  private static ByteBuffer raw(Dataset dataset) {
    if (!(dataset instanceof ContiguousDataset contiguous)) {
      throw new UserInputException(
          "Weight '" + dataset.getPath() + "' is bfloat16 and not contiguous.");
    }
    return contiguous.getBuffer();
  }

  private static void copy(FloatBuffer source, INDArray array) {
    for (long at = 0; at < array.length(); at += PIECE) {
      float[] piece = new float[(int) Math.min(PIECE, array.length() - at)];
      source.get(piece);
      NativeFloats.write(piece, array, at);
    }
  }

  private static void copyBfloat16(ShortBuffer source, INDArray array) {
    float[] values = new float[(int) array.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(source.get() << 16);
    }
    NativeFloats.write(values, array, 0);
  }

  private static void copyConverted(Dataset dataset, INDArray array) {
    Object data = dataset.isScalar() ? dataset.getData() : dataset.getDataFlat();
    float[] values = new float[(int) array.length()];
    for (int i = 0; i < values.length; i++) {
      Object value = data.getClass().isArray() ? Array.get(data, i) : data;
      if (!(value instanceof Number number)) {
        throw new UserInputException("Weight '" + dataset.getPath() + "' is not numeric.");
      }
      values[i] = number.floatValue();
    }
    NativeFloats.write(values, array, 0);
  }
}
