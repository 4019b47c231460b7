package io.gradlens.network.keras;

import io.gradlens.model.layer.Concatenate;
import io.gradlens.model.layer.Dense;
import io.gradlens.model.layer.Op;
import io.gradlens.model.layer.Reshape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * In which order the numbers of a vector come. Keras flattens a map row by row with its channels
 * innermost, DL4J channel by channel; what is learned about the vector's numbers has to follow.
 *
 * @param places in Keras' vector of the numbers in DL4J's, in DL4J's order
 */
record VectorOrder(List<Integer> places) {

  /** Of a vector with {@code length} numbers in the same order. */
  static VectorOrder same(int length) {
    return new VectorOrder(IntStream.range(0, length).boxed().toList());
  }

  /** Of a map that was flattened. */
  static VectorOrder flattened(int height, int width, int channels) {
    List<Integer> places = new ArrayList<>();
    for (int channel = 0; channel < channels; channel++) {
      for (int pixel = 0; pixel < height * width; pixel++) {
        places.add(pixel * channels + channel);
      }
    }
    return new VectorOrder(places);
  }

  /** Of vectors that were laid one behind the other. */
  static VectorOrder concatenated(List<VectorOrder> parts) {
    List<Integer> places = new ArrayList<>();
    for (VectorOrder part : parts) {
      int before = places.size();
      part.places.forEach(place -> places.add(before + place));
    }
    return new VectorOrder(places);
  }

  /**
   * Of an op's output: null where that is a map.
   *
   * @param in shape of the first input, without the batch axis
   * @param out shape of the output
   * @param inputs the orders of the op's inputs
   * @throws IllegalArgumentException if vectors in different orders are combined
   */
  static VectorOrder behind(Op op, int[] in, int[] out, List<VectorOrder> inputs) {
    if (out.length != 1) {
      return null;
    }
    if (in.length == 3) {
      return op instanceof Reshape ? flattened(in[0], in[1], in[2]) : same(out[0]);
    }
    if (op instanceof Dense) {
      return same(out[0]);
    }
    if (op instanceof Concatenate) {
      return concatenated(inputs);
    }
    if (!inputs.stream().allMatch(inputs.get(0)::equals)) {
      throw new IllegalArgumentException("it combines flattened maps of different shapes");
    }
    return inputs.get(0);
  }

  boolean isSame() {
    return IntStream.range(0, places.size()).allMatch(i -> places.get(i) == i);
  }

  /** Entries of a vector, or rows of a matrix, of Keras' in DL4J's order: a copy. */
  INDArray of(INDArray array) {
    if (isSame()) {
      return array;
    }
    long columns = array.length() / places.size();
    INDArray from = array.reshape('c', places.size(), columns);
    INDArray to = from.ulike();
    for (int i = 0; i < places.size(); i++) {
      to.putRow(i, from.getRow(places.get(i)));
    }
    return to.reshape('c', array.shape());
  }

  /** Numbers of Keras' vector in DL4J's order. */
  float[] of(float[] values) {
    float[] ordered = new float[values.length];
    for (int i = 0; i < ordered.length; i++) {
      ordered[i] = values[places.get(i)];
    }
    return ordered;
  }
}
