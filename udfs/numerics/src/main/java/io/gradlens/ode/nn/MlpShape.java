package io.gradlens.ode.nn;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * The structure of an {@link Mlp}: layer widths, activation and what its input is made of.
 *
 * <p>Parameters θ stand in one array, layer after layer, each as its weights {@code [out][in]} row
 * by row and then its biases {@code [out]}: the order of {@code torch.nn.Sequential.parameters()}.
 *
 * @param dim components of a state, d, augmented ones included
 * @param augmented how many of them, the last ones, are augmented: they start at 0 and only give
 *     trajectories room to pass each other (Dupont, Doucet and Teh, Augmented neural ODEs, 2019)
 * @param hidden widths of the hidden layers; none makes the field linear in its input
 * @param activation of the hidden layers
 * @param power the input is yᵖᵒʷᵉʳ, component by component
 * @param time whether t is the input's last component
 */
public record MlpShape(
    int dim, int augmented, List<Integer> hidden, Activation activation, int power, Time time)
    implements Serializable {

  /** Whether the field depends on the time. */
  public enum Time {
    /** f(t, y) = f(y). */
    LEFT_OUT,
    /** t is one more input, after the state. */
    LAST_INPUT
  }

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException naming the one that is out of range
   */
  public MlpShape {
    hidden = List.copyOf(hidden);
    require(dim >= 1, "a state of 1 component or more", dim);
    require(augmented >= 0 && augmented < dim, "0 to dim - 1 augmented components", augmented);
    require(power >= 1, "a power of 1 or more", power);
    require(hidden.stream().allMatch(width -> width >= 1), "widths of 1 or more", hidden);
  }

  private static void require(boolean holds, String expected, Object got) {
    if (!holds) {
      throw new IllegalArgumentException("Network: expected %s, got %s.".formatted(expected, got));
    }
  }

  /** A network on the state itself: no power, no time, nothing augmented. */
  public static MlpShape of(int dim, Activation activation, Integer... hidden) {
    return new MlpShape(dim, 0, List.of(hidden), activation, 1, Time.LEFT_OUT);
  }

  /** The same with another power of the input. */
  public MlpShape withPower(int exponent) {
    return new MlpShape(dim, augmented, hidden, activation, exponent, time);
  }

  /** The same with t as one more input. */
  public MlpShape withTime() {
    return new MlpShape(dim, augmented, hidden, activation, power, Time.LAST_INPUT);
  }

  /** The same on states with so many more components, which start at 0. */
  public MlpShape withAugmented(int components) {
    return new MlpShape(dim - augmented + components, components, hidden, activation, power, time);
  }

  /**
   * An initial state from what was observed.
   *
   * @param observed {@code [dim - augmented]}
   * @return the same with zeros after it, {@code [dim]}
   */
  public double[] lift(double[] observed) {
    int expected = dim - augmented;
    if (observed.length != expected) {
      throw new IllegalArgumentException(
          "Cannot lift a state of %d components: the network has %d, %d of them augmented."
              .formatted(observed.length, dim, augmented));
    }
    return Arrays.copyOf(observed, dim);
  }

  /** Layers, the one that gives the output included. */
  public int layers() {
    return hidden.size() + 1;
  }

  /** Inputs of a layer. */
  public int inputs(int layer) {
    return layer == 0 ? dim + (time == Time.LAST_INPUT ? 1 : 0) : hidden.get(layer - 1);
  }

  /** Outputs of a layer. */
  public int outputs(int layer) {
    return layer < hidden.size() ? hidden.get(layer) : dim;
  }

  /** Where a layer's weights begin in θ; its biases follow them. */
  public int offset(int layer) {
    int at = 0;
    for (int l = 0; l < layer; l++) {
      at += outputs(l) * (inputs(l) + 1);
    }
    return at;
  }

  /** How many parameters there are, p. */
  public int params() {
    return offset(layers());
  }

  /**
   * Draws θ: weights from N(0, deviation²), biases 0.
   *
   * @param seed the same seed gives the same numbers
   */
  public double[] normal(double deviation, long seed) {
    Random random = new java.util.Random(seed);
    double[] theta = new double[params()];
    for (int l = 0; l < layers(); l++) {
      int at = offset(l);
      for (int i = 0; i < inputs(l) * outputs(l); i++) {
        theta[at + i] = deviation * random.nextGaussian();
      }
    }
    return theta;
  }

  /**
   * Draws θ uniformly from ±√(6/(in + out)), biases 0 (Glorot and Bengio, Understanding the
   * difficulty of training deep feedforward neural networks, 2010).
   */
  public double[] glorot(long seed) {
    Random random = new java.util.Random(seed);
    double[] theta = new double[params()];
    for (int l = 0; l < layers(); l++) {
      double bound = Math.sqrt(6.0 / (inputs(l) + outputs(l)));
      int at = offset(l);
      for (int i = 0; i < inputs(l) * outputs(l); i++) {
        theta[at + i] = bound * (2 * random.nextDouble() - 1);
      }
    }
    return theta;
  }
}
