package io.gradlens.model;

import io.gradlens.UserInputException;
import io.gradlens.model.graph.InputShape;
import io.gradlens.model.graph.LayerInfo;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A trained network that can be asked what happened inside: the seam between explanation and
 * framework. Nothing outside this package knows which engine runs behind it.
 *
 * <p>Safe for use by several threads at once: weights are shared and read only, and every {@link
 * Trace} has buffers of its own.
 *
 * <p>Images travel as {@code float[]} in channels-last order {@code [N,H,W,C]}; feature maps as
 * channel-major {@code [K,H,W]}, one array an image.
 */
public interface ProbedModel extends AutoCloseable {

  /** Every layer in topological order. */
  List<LayerInfo> layers();

  /** The input's height, width and channels; −1 where the file leaves the height or width free. */
  InputShape input();

  /** How many classes there are to explain: 2 for a single sigmoid unit. */
  int classes();

  HeadActivation headActivation();

  /**
   * The tensor that enters the first layer that removes spatial extent, stepped back over pooling,
   * dropout and padding, and over a 1x1 classifier convolution whose channels are the classes.
   *
   * @throws UserInputException if no layer's output has rows and columns
   */
  String autoLayer();

  /** How pixels become this network's input, where the model file stores it. */
  Optional<Preprocessing> preprocessing();

  /** How pictures get the input's size, where the model file stores it. */
  default Optional<Sizing> sizing() {
    return Optional.empty();
  }

  /** The names of the classes, where the model file stores them. */
  Optional<List<String>> classNames();

  /**
   * Runs the network once, and keeps what {@link Trace} needs for the layers asked for.
   *
   * @param images {@code [N,H,W,C]}, already preprocessed; read only
   * @param height H, for a model whose input size is free
   * @param width W
   * @param layers names of layers whose activations or gradients will be asked for
   * @throws UserInputException if a layer is not in the model or has no rows and columns, or the
   *     shape does not fit
   */
  Trace forward(float[] images, int height, int width, Collection<String> layers);

  /**
   * Logits from an edited activation: only what lies behind the layer runs (ablation).
   *
   * @param layer a layer that cuts the network: every path to the logits leads through it
   * @param activations one {@code [K,H,W]} array an image
   * @param height H of the network's input, which fixes the shapes behind the layer
   * @param width W of the network's input
   * @return one array of logits an image, one a class
   */
  float[][] head(String layer, float[][] activations, int height, int width);

  /**
   * The same architecture with the weights of some layers drawn anew: the sanity check of Adebayo
   * et al. 2018. Kernels are normal with the variance of the trained ones, biases are 0.
   *
   * @param layers names of the layers to randomise
   * @param seed the same seed gives the same weights
   */
  ProbedModel withRandomised(Collection<String> layers, long seed);

  /** Frees the weights. */
  @Override
  void close();
}
