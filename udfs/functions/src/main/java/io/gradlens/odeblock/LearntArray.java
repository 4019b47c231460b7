package io.gradlens.odeblock;

import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One of a layer's arrays of parameters.
 *
 * @param name unique in the layer
 * @param role how it begins, and whether it is regularised
 * @param fanIn numbers that an output is made of; counts for weights only
 * @param fanOut outputs that an input goes into; counts for weights only
 * @param shape in C order
 */
record LearntArray(String name, Role role, long fanIn, long fanOut, long... shape) {

  /** What an array is for. */
  enum Role {
    /** Begins at random, as the network's configuration says; decays with the weights. */
    WEIGHT,
    /** Begins as the configuration says; decays with the biases. */
    BIAS,
    /** A normalisation's factor: begins at 1. */
    SCALE,
    /** A normalisation's summand: begins at 0. */
    SHIFT
  }

  static LearntArray weight(String name, long fanIn, long fanOut, long... shape) {
    return new LearntArray(name, Role.WEIGHT, fanIn, fanOut, shape);
  }

  static LearntArray scale(String name, long channels) {
    return new LearntArray(name, Role.SCALE, 0, 0, channels);
  }

  static LearntArray shift(String name, long channels) {
    return new LearntArray(name, Role.SHIFT, 0, 0, channels);
  }

  static LearntArray bias(String name, long channels) {
    return new LearntArray(name, Role.BIAS, 0, 0, channels);
  }

  long length() {
    long length = 1;
    for (long d : shape) {
      length *= d;
    }
    return length;
  }

  /** Writes the initial values into a part of the network's parameters. */
  void begin(INDArray part, IWeightInit weights, double bias) {
    switch (role) {
      case WEIGHT -> weights.init(fanIn, fanOut, shape, 'c', part);
      case BIAS -> part.assign(bias);
      case SCALE -> part.assign(1);
      case SHIFT -> part.assign(0);
    }
  }
}
