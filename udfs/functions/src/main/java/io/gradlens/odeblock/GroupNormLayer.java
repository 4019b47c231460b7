package io.gradlens.odeblock;

import io.gradlens.kernel.ChannelAxis;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Computes a {@link GroupNorm}. */
final class GroupNormLayer extends MapComputation<GroupNorm> {
  private NormalizedImages images;
  private double[] moments;
  private long pixels;

  GroupNormLayer(NeuralNetConfiguration configuration, DataType type) {
    super(configuration, type);
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaceMgr) {
    INDArray x = maps(training, ArrayType.FF_WORKING_MEM, workspaceMgr);
    if (images == null || pixels != x.size(2) * x.size(3)) {
      pixels = x.size(2) * x.size(3);
      int channels = (int) x.size(1);
      images =
          NormalizedImages.of(
              dataType, channels, layerConf().groups(), (int) pixels, ChannelAxis.FIRST);
    }
    images.weights(getParam(GroupNorm.GAMMA), getParam(GroupNorm.BETA));
    int needed = (int) x.size(0) * images.moments;
    if (moments == null || moments.length < needed) {
      moments = new double[needed];
    }
    INDArray y = workspaceMgr.createUninitialized(ArrayType.ACTIVATIONS, dataType, x.shape(), 'c');
    images.forward(x, y, Double.NEGATIVE_INFINITY, moments);
    return y;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(
      INDArray epsilon, LayerWorkspaceMgr workspaceMgr) {
    INDArray x = maps(true, ArrayType.BP_WORKING_MEM, workspaceMgr);
    INDArray g =
        workspaceMgr.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, x.shape(), 'c');
    g.assign(epsilon);
    Arrays.fill(images.gradGamma, 0);
    Arrays.fill(images.gradBeta, 0);
    images.backward(x, g, Double.NEGATIVE_INFINITY, moments);
    write(images.gradGamma, gradientViews.get(GroupNorm.GAMMA));
    write(images.gradBeta, gradientViews.get(GroupNorm.BETA));
    return new Pair<>(gradients(), backpropDropOutIfPresent(g));
  }

  private static void write(double[] values, INDArray view) {
    for (int i = 0; i < values.length; i++) {
      view.putScalar(i, values[i]);
    }
  }
}
