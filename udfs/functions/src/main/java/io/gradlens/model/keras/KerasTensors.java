package io.gradlens.model.keras;

import io.jhdf.api.Dataset;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Reads a layer's weight from a dataset, which must have the shape that the layer implies. */
final class KerasTensors {

  private KerasTensors() {}

  static INDArray checked(KerasLayer layer, Dataset dataset, long... shape) {
    int[] found = dataset.getDimensions();
    if (!Arrays.equals(Arrays.stream(found).asLongStream().toArray(), shape)) {
      throw layer.problem(
          "has a weight of shape %s in the file (%s); its configuration and input imply %s"
              .formatted(Arrays.toString(found), dataset.getPath(), Arrays.toString(shape)));
    }
    return HdfTensor.read(dataset);
  }
}
