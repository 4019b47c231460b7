package io.gradlens.model.keras;

import io.gradlens.UserInputException;
import io.gradlens.model.layer.NativeFloats;
import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.object.datatype.FloatingPoint;
import java.lang.reflect.Array;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
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
    if (isPlainFloat(dataset)) {
      ByteOrder order = ((FloatingPoint) dataset.getDataType()).getByteOrder();
      copy(((ContiguousDataset) dataset).getBuffer().order(order).asFloatBuffer(), array);
    } else {
      copyConverted(dataset, array);
    }
    return array;
  }

  private static boolean isPlainFloat(Dataset dataset) {
    return dataset instanceof ContiguousDataset
        && !dataset.isEmpty()
        && dataset.getDataType() instanceof FloatingPoint type
        && type.getSize() == Float.BYTES;
  }

  private static void copy(FloatBuffer source, INDArray array) {
    for (long at = 0; at < array.length(); at += PIECE) {
      float[] piece = new float[(int) Math.min(PIECE, array.length() - at)];
      source.get(piece);
      NativeFloats.write(piece, array, at);
    }
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
