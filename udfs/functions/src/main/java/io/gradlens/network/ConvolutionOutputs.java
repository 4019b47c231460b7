package io.gradlens.network;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Hands convolutions on the way back what they computed on the way forward. DL4J's compute it a
 * second time, for the derivative of their activation function: a fifth of a training step of
 * small-cnn. The same bits come out: the derivative of the identity needs no argument, and that of
 * ReLU needs its sign, which the output has as well, even where dropout has scaled it in place.
 */
public final class ConvolutionOutputs extends BaseTrainingListener {
  private static final IActivation RELU = new ActivationReLU();

  private ConvolutionOutputs() {}

  /**
   * Has a network's convolutions work so in training. Calling it again changes nothing.
   *
   * @param network changed
   */
  public static void into(ComputationGraph network) {
    if (network.getListeners().stream().noneMatch(ConvolutionOutputs.class::isInstance)) {
      network.addListeners(new ConvolutionOutputs());
    }
  }

  @Override
  public void onForwardPass(Model model, Map<String, INDArray> activations) {
    ComputationGraph network = (ComputationGraph) model;
    boolean isSignKept = isSignKept(network);
    for (ConvolutionLayer layer : convolutions(network)) {
      IActivation function = layer.layerConf().getActivationFn();
      if (function instanceof ActivationIdentity || isSignKept && function.equals(RELU)) {
        layer.setPreOutput(activations.get(layer.layerConf().getLayerName()));
      }
    }
  }

  /** The step's memory is given to others after it. */
  @Override
  public void onBackwardPass(Model model) {
    convolutions((ComputationGraph) model).forEach(layer -> layer.setPreOutput(null));
  }

  /** Those of pictures, and no kinds of their own: a frozen layer is not one. */
  private static List<ConvolutionLayer> convolutions(ComputationGraph network) {
    return Arrays.stream(network.getLayers())
        .filter(layer -> layer.getClass() == ConvolutionLayer.class)
        .map(ConvolutionLayer.class::cast)
        .toList();
  }

  /** Dropout may work in place on its input; kinds of it that add noise may turn signs. */
  private static boolean isSignKept(ComputationGraph network) {
    for (var layer : network.getLayers()) {
      IDropout dropout = layer.conf().getLayer().getIDropout();
      if (dropout != null && !(dropout instanceof Dropout)) {
        return false;
      }
    }
    return true;
  }
}
