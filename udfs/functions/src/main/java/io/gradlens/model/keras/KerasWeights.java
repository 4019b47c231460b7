package io.gradlens.model.keras;

import io.gradlens.UserInputException;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Where the weights of a Keras model come from. */
interface KerasWeights {

  /**
   * Reads one weight into ND4J's memory, as float32 in C order.
   *
   * @param layer that owns it
   * @param index in the order of the layer's {@code weights} in Keras: what training changes first
   * @param shape that it must have
   * @throws UserInputException naming the layer, if it is missing or has another shape
   */
  INDArray read(KerasLayer layer, int index, long... shape);
}
