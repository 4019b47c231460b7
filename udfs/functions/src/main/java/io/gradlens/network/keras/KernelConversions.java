package io.gradlens.network.keras;

import io.gradlens.model.layer.Activation;
import io.gradlens.model.layer.Conv2D;
import io.gradlens.model.layer.Dense;
import io.gradlens.model.layer.DepthwiseConv2D;
import io.gradlens.model.layer.Pool2D;
import io.gradlens.model.layer.Window;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Convolutions, pooling and dense layers as DL4J's, with their weights in DL4J's order. */
final class KernelConversions {
  static final String WEIGHTS = "W";
  private static final String BIAS = "b";

  private KernelConversions() {}

  static Vertex convolution(Conv2D conv, Activation fused) {
    if (conv.groups() > 1) {
      throw new IllegalArgumentException("DL4J has no convolution in groups");
    }
    return convolution(
        conv.weights().get(0), bias(conv.weights()), conv.givenWindow(), activation(fused));
  }

  /** A dense layer over the channels of every pixel is a convolution of 1x1. */
  static Vertex pointwise(Dense dense, Activation fused) {
    INDArray kernel = dense.weights().get(0);
    INDArray w = kernel.reshape('c', 1, 1, kernel.size(0), kernel.size(1));
    return convolution(w, bias(dense.weights()), Window.of(1, 1, 1, 1, false), activation(fused));
  }

  private static Vertex convolution(
      INDArray kernel, INDArray bias, Window window, IActivation activation) {
    ConvolutionLayer layer =
        new ConvolutionLayer.Builder(kernel(window), stride(window), padding(window))
            .convolutionMode(mode(window))
            .dilation(window.dilationH(), window.dilationW())
            .nIn(kernel.size(2))
            .nOut(kernel.size(3))
            .hasBias(bias != null)
            .activation(activation)
            .build();
    return Vertex.of(layer, weights(kernel.permute(3, 2, 0, 1), bias));
  }

  static Vertex depthwise(DepthwiseConv2D conv, Activation fused) {
    INDArray kernel = conv.weights().get(0);
    INDArray bias = bias(conv.weights());
    Window window = conv.window();
    DepthwiseConvolution2D layer =
        new DepthwiseConvolution2D.Builder(kernel(window), stride(window), padding(window))
            .depthMultiplier((int) kernel.size(3))
            .convolutionMode(mode(window))
            .dilation(window.dilationH(), window.dilationW())
            .nIn(kernel.size(2))
            .hasBias(bias != null)
            .activation(activation(fused))
            .build();
    return Vertex.of(layer, weights(kernel, bias));
  }

  static Vertex dense(Dense dense, Activation fused, VectorOrder order) {
    INDArray kernel = dense.weights().get(0);
    INDArray bias = bias(dense.weights());
    DenseLayer layer =
        new DenseLayer.Builder()
            .nIn(kernel.size(0))
            .nOut(kernel.size(1))
            .hasBias(bias != null)
            .activation(activation(fused))
            .build();
    return Vertex.of(layer, weights(order.of(kernel), bias));
  }

  static Vertex pool(Pool2D pool) {
    Window window = pool.window();
    return Vertex.of(
        new SubsamplingLayer.Builder(
                type(pool.kind()), kernel(window), stride(window), padding(window))
            .convolutionMode(mode(window))
            .avgPoolIncludePadInDivisor(pool.countsPadding())
            .build());
  }

  static PoolingType type(Pool2D.Kind kind) {
    return kind == Pool2D.Kind.MAX ? PoolingType.MAX : PoolingType.AVG;
  }

  private static IActivation activation(Activation fused) {
    return ActivationConversions.of(fused);
  }

  private static Map<String, INDArray> weights(INDArray kernel, INDArray bias) {
    return bias == null ? Map.of(WEIGHTS, kernel) : Map.of(WEIGHTS, kernel, BIAS, bias);
  }

  private static INDArray bias(List<INDArray> weights) {
    return weights.size() > 1 ? weights.get(1) : null;
  }

  private static int[] kernel(Window window) {
    return new int[] {window.kernelH(), window.kernelW()};
  }

  private static int[] stride(Window window) {
    return new int[] {window.strideH(), window.strideW()};
  }

  private static int[] padding(Window window) {
    return new int[] {window.padH(), window.padW()};
  }

  /** For kernels of 1x1 {@code same} adds nothing, but DL4J would compute a negative padding. */
  private static ConvolutionMode mode(Window window) {
    boolean isPoint = window.kernelH() == 1 && window.kernelW() == 1;
    return window.same() && !isPoint ? ConvolutionMode.Same : ConvolutionMode.Truncate;
  }
}
