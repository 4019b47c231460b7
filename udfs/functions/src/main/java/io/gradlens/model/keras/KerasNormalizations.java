package io.gradlens.model.keras;

import com.fasterxml.jackson.databind.JsonNode;
import io.gradlens.model.layer.BatchNorm;
import io.gradlens.model.layer.LayerNorm;
import io.gradlens.model.layer.Op;
import io.gradlens.model.layer.ScaleShift;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Keras' normalisations and rescalings along the last axis. */
final class KerasNormalizations {
  /** Keras' smallest standard deviation in the Normalization layer. */
  private static final double EPSILON = 1e-7;

  private KerasNormalizations() {}

  static List<Op> batch(KerasContext context) {
    KerasLayer layer = context.layer();
    context.expectLastAxis(layer.integer("axis", -1));
    int channels = context.channels();
    INDArray gamma = context.optional(layer.flag("scale", true), channels);
    INDArray beta = context.optional(layer.flag("center", true), channels);
    INDArray mean = context.weight(channels);
    INDArray variance = context.weight(channels);
    double epsilon = layer.number("epsilon", 1e-3);
    double momentum = layer.number("momentum", 0.99);
    return List.of(
        ScaleShift.batchNorm(new BatchNorm(gamma, beta, mean, variance, epsilon, momentum)));
  }

  static List<Op> layer(KerasContext context) {
    KerasLayer layer = context.layer();
    if (layer.flag("rms_scaling", false)) {
      throw layer.problem("uses rms_scaling, which is not supported");
    }
    if (!layer.setting("axis").isMissingNode()) {
      for (double axis : layer.numbers("axis")) {
        context.expectLastAxis((int) axis);
      }
    }
    int channels = context.channels();
    INDArray gamma = context.optional(layer.flag("scale", true), channels);
    INDArray beta = context.optional(layer.flag("center", true), channels);
    return List.of(new LayerNorm(gamma, beta, layer.number("epsilon", 1e-3)));
  }

  /** The learned factors of ConvNeXt, one a channel. */
  static List<Op> scale(KerasContext context) {
    int channels = context.channels();
    INDArray gamma = context.weight(channels);
    return List.of(new ScaleShift(gamma, floats(new double[channels]), channels, 0));
  }

  static List<Op> rescaling(KerasContext context) {
    KerasLayer layer = context.layer();
    double[] offset =
        layer.setting("offset").isMissingNode() ? new double[] {0} : layer.numbers("offset");
    return affine(context, layer.numbers("scale"), offset);
  }

  /**
   * (x − mean)/max(√variance, 1e-7), with what it was given or what it has adapted to. Keras counts
   * the adapted mean, variance and number of samples as parameters.
   */
  static List<Op> normalization(KerasContext context) {
    KerasLayer layer = context.layer();
    boolean scalar = axes(layer).length == 0;
    for (double axis : axes(layer)) {
      context.expectLastAxis((int) axis);
    }
    boolean given = !layer.setting("mean").isMissingNode();
    double[] mean;
    double[] variance;
    long counted = 0;
    if (given) {
      mean = layer.numbers("mean");
      variance = layer.numbers("variance");
    } else {
      long[] shape = scalar ? new long[0] : new long[] {context.channels()};
      mean = context.weight(shape).dup().data().asDouble();
      variance = context.weight(shape).dup().data().asDouble();
      counted = mean.length + variance.length + 1L;
    }
    double[] deviation =
        Arrays.stream(variance).map(v -> Math.max(Math.sqrt(v), EPSILON)).toArray();
    int channels = context.channels();
    double[] m = perChannel(layer, mean, channels);
    double[] s = perChannel(layer, deviation, channels);
    double[] scale = new double[channels];
    double[] shift = new double[channels];
    boolean invert = layer.flag("invert", false);
    for (int k = 0; k < channels; k++) {
      scale[k] = invert ? s[k] : 1 / s[k];
      shift[k] = invert ? m[k] : -m[k] / s[k];
    }
    return List.of(new ScaleShift(floats(scale), floats(shift), 0, counted));
  }

  /** y = scale·x + offset, either for all channels or channel by channel. */
  static List<Op> affine(KerasContext context, double[] scale, double[] offset) {
    int channels = context.channels();
    INDArray a = floats(perChannel(context.layer(), scale, channels));
    INDArray b = floats(perChannel(context.layer(), offset, channels));
    return List.of(new ScaleShift(a, b, 0, 0));
  }

  private static double[] axes(KerasLayer layer) {
    JsonNode axis = layer.setting("axis");
    return axis.isMissingNode() ? new double[0] : KerasLayer.numbers(axis);
  }

  private static double[] perChannel(KerasLayer layer, double[] values, int channels) {
    if (values.length == 1) {
      double[] all = new double[channels];
      Arrays.fill(all, values[0]);
      return all;
    }
    if (values.length != channels) {
      throw layer.problem("has %d values for %d channels".formatted(values.length, channels));
    }
    return values;
  }

  private static INDArray floats(double[] values) {
    float[] single = new float[values.length];
    for (int i = 0; i < single.length; i++) {
      single[i] = (float) values[i];
    }
    return Nd4j.createFromArray(single);
  }
}
