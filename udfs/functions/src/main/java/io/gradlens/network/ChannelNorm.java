package io.gradlens.network;

import io.gradlens.kernel.ChannelAxis;
import io.gradlens.kernel.FloatImageGroupNorm;
import io.gradlens.model.layer.NativeFloats;
import java.lang.ref.Reference;
import java.lang.reflect.Field;
import java.nio.FloatBuffer;
import java.util.Map;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNBatchNormHelper;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.layers.normalization.BatchNormalizationHelper;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Batch normalisation in training, channel by channel: the channel's maps of the whole batch are
 * brought together in a piece of memory that fits a cache, where all passes run over them. It is
 * what group normalisation is to one picture with one group. DL4J's own takes mean and variance by
 * general reductions, and was a third of a training step of small-cnn.
 *
 * <p>It takes the place of DL4J's oneDNN helper, to which it leaves inference, dense layers, maps
 * {@code [N,H,W,C]} and double precision. The formula is DL4J's: y = γ(x − μ)/√(σ² + ε) + β with
 * the batch's mean and biased variance. An instance belongs to one layer and one thread.
 *
 * <p>Source: Ioffe and Szegedy, Batch normalization, 2015.
 */
public final class ChannelNorm implements BatchNormalizationHelper {
  private static final Field HELPER = helperField();

  private final BatchNormalizationHelper other;
  private FloatImageGroupNorm norm;
  private double epsilon;
  private int pixels;
  private int stride;
  private float[] x = {};
  private float[] g = {};
  private double[] moments = {};
  private boolean isMine;
  private INDArray mean;
  private INDArray variance;

  private ChannelNorm(BatchNormalizationHelper other) {
    this.other = other;
  }

  /**
   * Has a network's layers use it, where they use oneDNN now. Calling it again changes nothing.
   *
   * @param network changed
   */
  public static void into(ComputationGraph network) {
    for (var layer : network.getLayers()) {
      if (layer instanceof BatchNormalization batch
          && batch.getHelper() instanceof MKLDNNBatchNormHelper slow) {
        try {
          HELPER.set(batch, new ChannelNorm(slow));
        } catch (IllegalAccessException e) {
          throw new IllegalStateException("DL4J's batch normalisation is closed", e);
        }
      }
    }
  }

  private static Field helperField() {
    try {
      Field field = BatchNormalization.class.getDeclaredField("helper");
      field.setAccessible(true);
      return field;
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException("DL4J's batch normalisation has another form", e);
    }
  }

  @Override
  public INDArray preOutput(
      INDArray input,
      boolean training,
      long[] shape,
      INDArray gamma,
      INDArray beta,
      INDArray globalMean,
      INDArray globalVariance,
      double decay,
      double eps,
      CNN2DFormat format,
      LayerWorkspaceMgr workspaceMgr) {
    isMine =
        training
            && input.dataType() == DataType.FLOAT
            && format == CNN2DFormat.NCHW
            && input.size(2) * input.size(3) > 1;
    if (!isMine) {
      return other.preOutput(
          input,
          training,
          shape,
          gamma,
          beta,
          globalMean,
          globalVariance,
          decay,
          eps,
          format,
          workspaceMgr);
    }
    INDArray output =
        workspaceMgr.createUninitialized(ArrayType.ACTIVATIONS, DataType.FLOAT, input.shape(), 'c');
    prepare(input, eps);
    INDArray maps = dense(input);
    FloatBuffer from = NativeFloats.buffer(maps);
    FloatBuffer to = NativeFloats.buffer(output);
    float[] gammas = NativeFloats.read(gamma);
    float[] betas = NativeFloats.read(beta);
    int channels = gammas.length;
    float[] means = new float[channels];
    float[] variances = new float[channels];
    for (int c = 0; c < channels; c++) {
      gather(from, c, x);
      norm.forward(
          x,
          new float[] {gammas[c]},
          new float[] {betas[c]},
          Float.NEGATIVE_INFINITY,
          moments,
          2 * c);
      scatter(x, to, c);
      double factor = moments[2 * c + 1];
      means[c] = (float) moments[2 * c];
      variances[c] = (float) (1 / (factor * factor) - eps);
    }
    NativeFloats.write(means, mean, 0);
    NativeFloats.write(variances, variance, 0);
    Reference.reachabilityFence(maps);
    return output;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(
      INDArray input,
      INDArray cotangent,
      long[] shape,
      INDArray gamma,
      INDArray beta,
      INDArray gammaGradient,
      INDArray betaGradient,
      double eps,
      CNN2DFormat format,
      LayerWorkspaceMgr workspaceMgr) {
    if (!isMine) {
      return other.backpropGradient(
          input,
          cotangent,
          shape,
          gamma,
          beta,
          gammaGradient,
          betaGradient,
          eps,
          format,
          workspaceMgr);
    }
    INDArray passed =
        workspaceMgr.createUninitialized(
            ArrayType.ACTIVATION_GRAD, DataType.FLOAT, input.shape(), 'c');
    INDArray maps = dense(input);
    INDArray outer = dense(cotangent);
    FloatBuffer inputs = NativeFloats.buffer(maps);
    FloatBuffer cotangents = NativeFloats.buffer(outer);
    FloatBuffer to = NativeFloats.buffer(passed);
    float[] gammas = NativeFloats.read(gamma);
    float[] betas = NativeFloats.read(beta);
    int channels = gammas.length;
    float[] gammaSums = new float[channels];
    float[] betaSums = new float[channels];
    double[] gammaSum = new double[1];
    double[] betaSum = new double[1];
    for (int c = 0; c < channels; c++) {
      gather(inputs, c, x);
      gather(cotangents, c, g);
      gammaSum[0] = 0;
      betaSum[0] = 0;
      norm.backward(
          x,
          g,
          new float[] {gammas[c]},
          new float[] {betas[c]},
          Float.NEGATIVE_INFINITY,
          moments,
          2 * c,
          gammaSum,
          betaSum);
      gammaSums[c] = (float) gammaSum[0];
      betaSums[c] = (float) betaSum[0];
      scatter(g, to, c);
    }
    NativeFloats.write(gammaSums, gammaGradient, 0);
    NativeFloats.write(betaSums, betaGradient, 0);
    Reference.reachabilityFence(maps);
    Reference.reachabilityFence(outer);
    Gradient gradient = new DefaultGradient();
    gradient.setGradientFor(BatchNormalizationParamInitializer.GAMMA, gammaGradient);
    gradient.setGradientFor(BatchNormalizationParamInitializer.BETA, betaGradient);
    return new Pair<>(gradient, passed);
  }

  private void prepare(INDArray input, double eps) {
    int channels = (int) input.size(1);
    pixels = (int) (input.size(2) * input.size(3));
    stride = channels * pixels;
    int numbers = Math.toIntExact(input.length() / channels);
    if (x.length != numbers || moments.length != 2 * channels || epsilon != eps) {
      epsilon = eps;
      x = new float[numbers];
      g = new float[numbers];
      norm = new FloatImageGroupNorm(1, 1, numbers, ChannelAxis.FIRST, eps);
      moments = new double[2 * channels];
      mean = Nd4j.createUninitializedDetached(DataType.FLOAT, channels);
      variance = Nd4j.createUninitializedDetached(DataType.FLOAT, channels);
    }
  }

  private static INDArray dense(INDArray array) {
    boolean isDense = array.ordering() == 'c' && Shape.hasDefaultStridesForShape(array);
    return isDense ? array : array.dup('c');
  }

  /** Brings the maps of a channel together, one picture after the other. */
  private void gather(FloatBuffer batch, int c, float[] maps) {
    for (int at = 0, from = c * pixels; at < maps.length; at += pixels, from += stride) {
      batch.get(from, maps, at, pixels);
    }
  }

  /** Puts them back. */
  private void scatter(float[] maps, FloatBuffer batch, int c) {
    for (int at = 0, to = c * pixels; at < maps.length; at += pixels, to += stride) {
      batch.put(to, maps, at, pixels);
    }
  }

  @Override
  public INDArray getMeanCache(DataType type) {
    return isMine ? mean : other.getMeanCache(type);
  }

  @Override
  public INDArray getVarCache(DataType type) {
    return isMine ? variance : other.getVarCache(type);
  }

  @Override
  public boolean checkSupported(double eps, boolean isGammaBetaFixed) {
    return other.checkSupported(eps, isGammaBetaFixed);
  }

  @Override
  public boolean checkSupported() {
    return other.checkSupported();
  }

  @Override
  public Map<String, Long> helperMemoryUse() {
    return Map.of("channel", 4L * (x.length + g.length));
  }
}
