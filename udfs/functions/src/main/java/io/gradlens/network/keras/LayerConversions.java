package io.gradlens.network.keras;

import io.gradlens.model.dl4j.ChannelAffine;
import io.gradlens.model.layer.Activation;
import io.gradlens.model.layer.BatchNorm;
import io.gradlens.model.layer.Concatenate;
import io.gradlens.model.layer.Conv2D;
import io.gradlens.model.layer.Crop2D;
import io.gradlens.model.layer.Dense;
import io.gradlens.model.layer.DepthwiseConv2D;
import io.gradlens.model.layer.Dropout;
import io.gradlens.model.layer.GlobalPool2D;
import io.gradlens.model.layer.Identity;
import io.gradlens.model.layer.Merge;
import io.gradlens.model.layer.NativeFloats;
import io.gradlens.model.layer.Op;
import io.gradlens.model.layer.PRelu;
import io.gradlens.model.layer.Pad2D;
import io.gradlens.model.layer.Pool2D;
import io.gradlens.model.layer.Reshape;
import io.gradlens.model.layer.ScaleShift;
import io.gradlens.model.layer.Softmax;
import io.gradlens.model.layer.UpSample2D;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.dropout.SpatialDropout;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Ops as DL4J's layers and vertices: from channels last to channels first. */
final class LayerConversions {
  private LayerConversions() {}

  /**
   * @param fused the activation that the vertex applies as well, or null: convolutions and dense
   *     layers only
   * @param in shape of the first input, without the batch axis
   * @param out shape of the output
   * @param order of the first input where it is a vector
   * @throws IllegalArgumentException saying why DL4J cannot train the op
   */
  static Vertex of(Op op, Activation fused, int[] in, int[] out, VectorOrder order) {
    if (in.length != 1 && in.length != 3) {
      throw new IllegalArgumentException("its input has %d axes".formatted(in.length));
    }
    if (op instanceof Conv2D conv) {
      return KernelConversions.convolution(conv, fused);
    }
    if (op instanceof DepthwiseConv2D conv) {
      return KernelConversions.depthwise(conv, fused);
    }
    if (op instanceof Dense dense) {
      return in.length == 3
          ? KernelConversions.pointwise(dense, fused)
          : KernelConversions.dense(dense, fused, order);
    }
    if (op instanceof ScaleShift affine) {
      return affine.origin().isPresent()
          ? batchNorm(affine.origin().get(), order)
          : affine(affine, order);
    }
    if (op instanceof Activation activation) {
      return Vertex.of(new ActivationLayer(ActivationConversions.of(activation)));
    }
    if (op instanceof Softmax && in.length == 1) {
      return Vertex.of(new ActivationLayer(new ActivationSoftmax()));
    }
    if (op instanceof PRelu prelu) {
      return prelu(prelu, in, order);
    }
    if (op instanceof Dropout dropout && dropout.rate() > 0) {
      // DL4J's number is the share that is kept.
      double kept = 1 - dropout.rate();
      return Vertex.of(
          dropout.unit() == Dropout.Unit.CHANNEL
              ? new DropoutLayer(new SpatialDropout(kept))
              : new DropoutLayer(kept));
    }
    if (op instanceof Identity) {
      return Vertex.of(new ActivationLayer(ActivationConversions.of(null)));
    }
    return shaping(op, in, out, order);
  }

  private static Vertex shaping(Op op, int[] in, int[] out, VectorOrder order) {
    if (op instanceof Pool2D pool) {
      return KernelConversions.pool(pool);
    }
    if (op instanceof GlobalPool2D pool) {
      return Vertex.of(
          new GlobalPoolingLayer.Builder(KernelConversions.type(pool.kind()))
              .collapseDimensions(!pool.keepsDims())
              .build());
    }
    if (op instanceof Pad2D pad) {
      return Vertex.of(new ZeroPaddingLayer.Builder(pad.margins()).build());
    }
    if (op instanceof Crop2D crop) {
      return Vertex.of(new Cropping2D.Builder(crop.margins()).build());
    }
    if (op instanceof UpSample2D enlarged && !enlarged.isBilinear()) {
      return Vertex.of(new Upsampling2D.Builder(1).size(enlarged.factors()).build());
    }
    if (op instanceof Merge merge) {
      return Vertex.of(new ElementWiseVertex(merged(merge.kind())));
    }
    if (op instanceof Concatenate join && join.isOfChannels(in.length)) {
      return Vertex.of(new MergeVertex());
    }
    if (op instanceof Reshape) {
      return reshape(in, out, order);
    }
    throw new IllegalArgumentException("DL4J has nothing like it");
  }

  /** DL4J learns both factors and offsets or neither; where Keras has one, both are learned. */
  private static Vertex batchNorm(BatchNorm norm, VectorOrder order) {
    long channels = norm.mean().length();
    boolean isLocked = norm.gamma() == null && norm.beta() == null;
    BatchNormalization layer =
        new BatchNormalization.Builder(isLocked)
            .nIn(channels)
            .nOut(channels)
            .eps(norm.epsilon())
            .decay(norm.momentum())
            // The variance as it stands: its logarithm would not be exact.
            .useLogStd(false)
            .build();
    Map<String, INDArray> parameters = new LinkedHashMap<>();
    if (!isLocked) {
      INDArray mean = norm.mean();
      parameters.put("gamma", norm.gamma() == null ? mean.like().assign(1) : norm.gamma());
      parameters.put("beta", norm.beta() == null ? mean.like().assign(0) : norm.beta());
    }
    parameters.put("mean", norm.mean());
    parameters.put("var", norm.variance());
    if (order != null) {
      parameters.replaceAll((key, values) -> order.of(values));
    }
    return Vertex.of(layer, parameters);
  }

  private static Vertex affine(ScaleShift affine, VectorOrder order) {
    if (affine.trainable() > 0) {
      throw new IllegalArgumentException("DL4J has no factors that are learned by themselves");
    }
    float[] scale = NativeFloats.read(affine.weights().get(0));
    float[] shift = NativeFloats.read(affine.weights().get(1));
    return Vertex.of(
        order == null
            ? new ChannelAffine(scale, shift)
            : new ChannelAffine(order.of(scale), order.of(shift)));
  }

  private static Vertex prelu(PRelu prelu, int[] in, VectorOrder order) {
    INDArray alpha = prelu.weights().get(0);
    if (in.length == 1) {
      return Vertex.of(
          new PReLULayer.Builder().inputShape(alpha.length()).build(),
          Map.of(KernelConversions.WEIGHTS, alpha.length() == in[0] ? order.of(alpha) : alpha));
    }
    long[] shared = alpha.size(0) == 1 && alpha.size(1) == 1 ? new long[] {2, 3} : null;
    PReLULayer layer =
        new PReLULayer.Builder()
            .inputShape(alpha.size(2), alpha.size(0), alpha.size(1))
            .sharedAxes(shared)
            .build();
    return Vertex.of(layer, Map.of(KernelConversions.WEIGHTS, alpha.permute(2, 0, 1)));
  }

  private static Vertex reshape(int[] in, int[] out, VectorOrder order) {
    boolean isSized = Arrays.stream(in).allMatch(d -> d > 0);
    if (isSized && in.length == 3 && out.length == 1) {
      return Vertex.of(new CnnToFeedForwardPreProcessor(in[0], in[1], in[2]));
    }
    boolean isPixel = out.length == 3 && out[0] == 1 && out[1] == 1;
    if (in.length == 1 && isPixel && order.isSame()) {
      return Vertex.of(new FeedForwardToCnnPreProcessor(1, 1, out[2]));
    }
    if (isSized && Arrays.equals(in, out)) {
      return Vertex.of(new ActivationLayer(ActivationConversions.of(null)));
    }
    throw new IllegalArgumentException(
        "maps can be flattened and vectors become one pixel, but not %s become %s"
            .formatted(Arrays.toString(in), Arrays.toString(out)));
  }

  private static ElementWiseVertex.Op merged(Merge.Kind kind) {
    return switch (kind) {
      case ADD -> ElementWiseVertex.Op.Add;
      case SUBTRACT -> ElementWiseVertex.Op.Subtract;
      case MULTIPLY -> ElementWiseVertex.Op.Product;
      case AVERAGE -> ElementWiseVertex.Op.Average;
      case MAXIMUM -> ElementWiseVertex.Op.Max;
      case MINIMUM -> throw new IllegalArgumentException("DL4J has no minimum of tensors");
    };
  }
}
