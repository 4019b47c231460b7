package io.gradlens.model.keras;

import io.gradlens.model.layer.Conv2D;
import io.gradlens.model.layer.Dense;
import io.gradlens.model.layer.DepthwiseConv2D;
import io.gradlens.model.layer.Op;
import io.gradlens.model.layer.Window;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Keras' layers with a kernel: convolutions and Dense, each with its fused activation. */
final class KerasConvolutions {

  private KerasConvolutions() {}

  static List<Op> conv2D(KerasContext context) {
    KerasLayer layer = context.layer();
    int[] size = layer.pair("kernel_size");
    int groups = layer.integer("groups", 1);
    int filters = layer.integer("filters");
    int channels = context.channels();
    if (groups < 1 || channels % groups != 0 || filters % groups != 0) {
      throw layer.problem(
          "splits %d channels and %d filters into %d groups".formatted(channels, filters, groups));
    }
    INDArray kernel = context.weight(size[0], size[1], channels / groups, filters);
    INDArray bias = bias(context, filters);
    return activated(context, new Conv2D(kernel, bias, window(layer, size), groups));
  }

  static List<Op> depthwiseConv2D(KerasContext context) {
    KerasLayer layer = context.layer();
    int[] size = layer.pair("kernel_size");
    int channels = context.channels();
    int multiplier = layer.integer("depth_multiplier", 1);
    INDArray kernel = context.weight(size[0], size[1], channels, multiplier);
    INDArray bias = bias(context, (long) channels * multiplier);
    return activated(context, new DepthwiseConv2D(kernel, bias, window(layer, size)));
  }

  /** A depthwise convolution followed by one of 1x1 that mixes the channels. */
  static List<Op> separableConv2D(KerasContext context) {
    KerasLayer layer = context.layer();
    int[] size = layer.pair("kernel_size");
    int channels = context.channels();
    int multiplier = layer.integer("depth_multiplier", 1);
    int filters = layer.integer("filters");
    INDArray depthwise = context.weight(size[0], size[1], channels, multiplier);
    INDArray pointwise = context.weight(1, 1, (long) channels * multiplier, filters);
    INDArray bias = bias(context, filters);
    List<Op> ops = new ArrayList<>();
    ops.add(new DepthwiseConv2D(depthwise, null, window(layer, size)));
    ops.addAll(activated(context, new Conv2D(pointwise, bias, Window.of(1, 1, 1, 1, false), 1)));
    return ops;
  }

  static List<Op> dense(KerasContext context) {
    int units = context.layer().integer("units");
    INDArray kernel = context.weight(context.channels(), units);
    return activated(context, new Dense(kernel, bias(context, units)));
  }

  /** Whether padding is {@code same}; others than {@code valid} and {@code same} are refused. */
  static boolean isSame(KerasLayer layer) {
    String padding = layer.text("padding", "valid");
    return switch (padding) {
      case "same" -> true;
      case "valid" -> false;
      default -> throw layer.problem("has padding '" + padding + "'; valid and same are supported");
    };
  }

  private static Window window(KerasLayer layer, int[] size) {
    int[] one = {1, 1};
    int[] stride = layer.pair("strides", one);
    int[] dilation = layer.pair("dilation_rate", one);
    boolean same = isSame(layer);
    return new Window(size[0], size[1], stride[0], stride[1], dilation[0], dilation[1], same, 0, 0);
  }

  private static INDArray bias(KerasContext context, long length) {
    return context.optional(context.layer().flag("use_bias", true), length);
  }

  private static List<Op> activated(KerasContext context, Op op) {
    List<Op> ops = new ArrayList<>();
    ops.add(op);
    ops.addAll(KerasActivations.fused(context.layer()));
    return ops;
  }
}
