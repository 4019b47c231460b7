package io.gradlens.model;

import io.gradlens.UserInputException;
import io.gradlens.model.dl4j.ScalarActivation;
import io.gradlens.model.layer.Activation;
import io.gradlens.model.layer.BatchNorm;
import io.gradlens.model.layer.Conv2D;
import io.gradlens.model.layer.Crop2D;
import io.gradlens.model.layer.Dense;
import io.gradlens.model.layer.DepthwiseConv2D;
import io.gradlens.model.layer.GlobalPool2D;
import io.gradlens.model.layer.GroupNorm2D;
import io.gradlens.model.layer.Identity;
import io.gradlens.model.layer.Op;
import io.gradlens.model.layer.PRelu;
import io.gradlens.model.layer.Pad2D;
import io.gradlens.model.layer.Pool2D;
import io.gradlens.model.layer.ScaleShift;
import io.gradlens.model.layer.Softmax;
import io.gradlens.model.layer.UpSample2D;
import io.gradlens.model.layer.Window;
import io.gradlens.odeblock.GroupNorm;
import io.gradlens.odeblock.OdeBlock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationMish;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Translates DL4J's layers, with their weights, to ops: from channels first to channels last. */
final class Dl4jLayers {
  private static final String SUPPORTED =
      "ConvolutionLayer, SeparableConvolution2D, DepthwiseConvolution2D, DenseLayer, OutputLayer,"
          + " LossLayer, BatchNormalization, GroupNorm, OdeBlock, SubsamplingLayer, GlobalPoolingLayer, ActivationLayer,"
          + " DropoutLayer, PReLULayer, ZeroPaddingLayer, Cropping2D, Upsampling2D";

  private Dl4jLayers() {}

  /**
   * @param name for messages
   * @param layer the configuration, unwrapped
   * @param params by DL4J's names, of the trained layer
   * @throws UserInputException naming the layer, if it is of a kind that cannot be explained
   */
  static List<Op> ops(String name, Layer layer, Map<String, INDArray> params) {
    List<Op> ops = new ArrayList<>(linear(name, layer, params));
    IActivation activation =
        layer instanceof ActivationLayer a
            ? a.getActivationFn()
            : layer instanceof BaseLayer b && hasActivation(layer) ? b.getActivationFn() : null;
    if (activation != null && !(activation instanceof ActivationIdentity)) {
      ops.add(activation(name, activation));
    }
    return ops.isEmpty() ? List.of(new Identity()) : ops;
  }

  private static boolean hasActivation(Layer layer) {
    // Every BaseLayer has an activation in its configuration; only these run it.
    return layer instanceof ConvolutionLayer
        || layer instanceof DenseLayer
        || layer instanceof BaseOutputLayer
        || layer instanceof LossLayer;
  }

  private static List<Op> linear(String name, Layer layer, Map<String, INDArray> params) {
    // In DL4J's class tree everything that slides a window is a ConvolutionLayer.
    if (layer instanceof Deconvolution2D
        || layer instanceof Convolution3D
        || layer instanceof Convolution1DLayer
        || layer instanceof Subsampling1DLayer) {
      throw unsupported(name, layer);
    }
    if (layer instanceof SeparableConvolution2D c) {
      Window window = window(name, c);
      INDArray depth = floats(params.get("W").permute(2, 3, 1, 0));
      INDArray point = floats(params.get("pW").permute(2, 3, 1, 0));
      Window one = Window.of(1, 1, 1, 1, false);
      return List.of(
          new DepthwiseConv2D(depth, null, window), new Conv2D(point, bias(params), one, 1));
    }
    if (layer instanceof DepthwiseConvolution2D c) {
      return List.of(new DepthwiseConv2D(floats(params.get("W")), bias(params), window(name, c)));
    }
    if (layer instanceof ConvolutionLayer c) {
      // [K,C,rows,columns] whatever the format of the maps is.
      INDArray kernel = floats(params.get("W").permute(2, 3, 1, 0));
      return List.of(new Conv2D(kernel, bias(params), window(name, c), 1));
    }
    if (layer instanceof DenseLayer d) {
      if (d.isHasLayerNorm()) {
        throw new UserInputException(
            "Layer '" + name + "' (DenseLayer with layer normalisation) is not supported.");
      }
      return List.of(new Dense(floats(params.get("W")), bias(params)));
    }
    if (layer instanceof BaseOutputLayer) {
      return List.of(new Dense(floats(params.get("W")), bias(params)));
    }
    if (layer instanceof BatchNormalization b) {
      return List.of(batchNorm(b, params));
    }
    if (layer instanceof GroupNorm g) {
      return List.of(
          new GroupNorm2D(vector(params.get("gamma")), vector(params.get("beta")), g.groups()));
    }
    if (layer instanceof OdeBlock block) {
      Map<String, INDArray> copies = new LinkedHashMap<>();
      params.forEach((key, array) -> copies.put(key, floats(array)));
      return List.of(new OdeBlockOp(block, copies));
    }
    if (layer instanceof PReLULayer) {
      return List.of(prelu(params.get("W")));
    }
    if (layer instanceof SubsamplingLayer s) {
      return List.of(pool(name, s));
    }
    if (layer instanceof GlobalPoolingLayer g) {
      return List.of(new GlobalPool2D(kind(name, g.getPoolingType()), !g.isCollapseDimensions()));
    }
    if (layer instanceof ZeroPaddingLayer z) {
      int[] p = z.getPadding();
      return List.of(new Pad2D(p[0], p[1], p[2], p[3]));
    }
    if (layer instanceof Cropping2D c) {
      int[] p = c.getCropping();
      return List.of(new Crop2D(p[0], p[1], p[2], p[3]));
    }
    if (layer instanceof Upsampling2D u) {
      return List.of(new UpSample2D(u.getSize()[0], u.getSize()[1], false));
    }
    if (layer instanceof ActivationLayer
        || layer instanceof DropoutLayer
        || layer instanceof LossLayer) {
      return List.of();
    }
    throw unsupported(name, layer);
  }

  private static UserInputException unsupported(String name, Layer layer) {
    return new UserInputException(
        "Layer '%s' of DL4J class %s is not supported; supported are: %s."
            .formatted(name, layer.getClass().getSimpleName(), SUPPORTED));
  }

  private static ScaleShift batchNorm(BatchNormalization layer, Map<String, INDArray> params) {
    INDArray variance =
        layer.isUseLogStd() ? power(vector(params.get("log10stdev"))) : vector(params.get("var"));
    INDArray gamma = params.containsKey("gamma") ? vector(params.get("gamma")) : null;
    INDArray beta = params.containsKey("beta") ? vector(params.get("beta")) : null;
    INDArray mean = vector(params.get("mean"));
    if (gamma == null) {
      gamma = mean.like().assign(layer.getGamma());
      beta = mean.like().assign(layer.getBeta());
    }
    return ScaleShift.batchNorm(
        new BatchNorm(gamma, beta, mean, variance, layer.getEps(), layer.getDecay()));
  }

  /** σ² from log₁₀σ. */
  private static INDArray power(INDArray log10Deviation) {
    INDArray variance = log10Deviation.dup();
    for (int i = 0; i < variance.length(); i++) {
      variance.putScalar(i, Math.pow(10, 2 * variance.getDouble(i)));
    }
    return variance;
  }

  private static Op prelu(INDArray alpha) {
    return new PRelu(
        alpha.rank() == 3 ? floats(alpha.permute(1, 2, 0)) : floats(alpha.reshape(alpha.length())));
  }

  private static Op pool(String name, SubsamplingLayer layer) {
    int[] k = layer.getKernelSize();
    int[] s = layer.getStride();
    int[] p = layer.getPadding();
    int[] d = layer.getDilation();
    if (d != null && (d[0] != 1 || d[1] != 1)) {
      throw new UserInputException("Layer '" + name + "' is a dilated pooling: not supported.");
    }
    boolean same = layer.getConvolutionMode() == ConvolutionMode.Same;
    Window window =
        new Window(k[0], k[1], s[0], s[1], 1, 1, same, same ? 0 : p[0], same ? 0 : p[1]);
    return new Pool2D(
        kind(name, layer.getPoolingType()), window, layer.isAvgPoolIncludePadInDivisor());
  }

  private static Pool2D.Kind kind(String name, PoolingType type) {
    return switch (type) {
      case MAX -> Pool2D.Kind.MAX;
      case AVG -> Pool2D.Kind.AVERAGE;
      default ->
          throw new UserInputException(
              "Layer '%s' pools by %s; MAX and AVG are supported.".formatted(name, type));
    };
  }

  private static Window window(String name, ConvolutionLayer layer) {
    if (layer.getConvolutionMode() == ConvolutionMode.Causal) {
      throw new UserInputException("Layer '" + name + "' is a causal convolution: not supported.");
    }
    boolean same = layer.getConvolutionMode() == ConvolutionMode.Same;
    int[] k = layer.getKernelSize();
    int[] s = layer.getStride();
    int[] p = layer.getPadding();
    int[] d = layer.getDilation() == null ? new int[] {1, 1} : layer.getDilation();
    return new Window(k[0], k[1], s[0], s[1], d[0], d[1], same, same ? 0 : p[0], same ? 0 : p[1]);
  }

  private static INDArray bias(Map<String, INDArray> params) {
    return params.containsKey("b") ? vector(params.get("b")) : null;
  }

  private static INDArray vector(INDArray array) {
    return floats(array.reshape(array.length()));
  }

  /** A copy of its own in C order, so that DL4J's parameters can be freed. */
  private static INDArray floats(INDArray array) {
    return array.castTo(DataType.FLOAT).dup('c');
  }

  static Op activation(String name, IActivation fn) {
    if (fn instanceof ScalarActivation scalar) {
      return scalar.op();
    }
    if (fn instanceof ActivationSoftmax) {
      return new Softmax();
    }
    if (fn instanceof ActivationReLU relu) {
      return Activation.relu(
          relu.getMax() == null || relu.getMax() == 0 ? Double.POSITIVE_INFINITY : relu.getMax(),
          relu.getNegativeSlope() == null ? 0 : relu.getNegativeSlope(),
          relu.getThreshold() == null ? 0 : relu.getThreshold());
    }
    if (fn instanceof ActivationReLU6) {
      return Activation.relu(6, 0, 0);
    }
    if (fn instanceof ActivationLReLU leaky) {
      return Activation.relu(Double.POSITIVE_INFINITY, leaky.getAlpha(), 0);
    }
    if (fn instanceof ActivationELU elu) {
      return Activation.of(Activation.Kind.ELU, elu.getAlpha());
    }
    if (fn instanceof ActivationGELU) {
      // DL4J's GELU is x·sigmoid(1.702x) or the tanh form; only the latter is a common one.
      if (fn.equals(new ActivationGELU(true))) {
        return Activation.of(Activation.Kind.GELU_TANH);
      }
      throw new UserInputException(
          "Layer '%s' uses DL4J's rough GELU; only ActivationGELU(true) is supported."
              .formatted(name));
    }
    Map<Class<?>, Activation.Kind> kinds =
        Map.of(
            ActivationSELU.class, Activation.Kind.SELU,
            ActivationSigmoid.class, Activation.Kind.SIGMOID,
            ActivationTanH.class, Activation.Kind.TANH,
            ActivationSwish.class, Activation.Kind.SWISH,
            ActivationHardSigmoid.class, Activation.Kind.HARD_SIGMOID_02,
            ActivationSoftPlus.class, Activation.Kind.SOFTPLUS,
            ActivationSoftSign.class, Activation.Kind.SOFTSIGN,
            ActivationMish.class, Activation.Kind.MISH);
    Activation.Kind kind = kinds.get(fn.getClass());
    if (kind == null) {
      throw new UserInputException(
          "Layer '%s' uses the activation %s, which is not supported."
              .formatted(name, fn.getClass().getSimpleName()));
    }
    return Activation.of(kind);
  }
}
