package io.gradlens.odeblock;

import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

/**
 * What the layers of this package have in common when they compute.
 *
 * @param <C> the layer's configuration
 */
abstract class MapComputation<C extends MapLayer> extends BaseLayer<C> {

  MapComputation(NeuralNetConfiguration configuration, DataType type) {
    super(configuration, type);
  }

  @Override
  public final boolean isPretrainLayer() {
    return false;
  }

  @Override
  public final boolean hasBias() {
    return false;
  }

  /**
   * The input, with dropout where there is one: {@code [N,C,H,W]}, dense, in C order.
   *
   * @param memory where to put it if it was not
   */
  final INDArray maps(boolean training, ArrayType memory, LayerWorkspaceMgr workspaceMgr) {
    assertInputSet(false);
    applyDropOutIfNecessary(training, workspaceMgr);
    if (input.rank() != 4 || input.size(1) != layerConf().getNIn()) {
      throw new DL4JInvalidInputException(
          "Expected maps [N,%d,H,W], got an array of shape %s %s"
              .formatted(layerConf().getNIn(), Arrays.toString(input.shape()), layerId()));
    }
    INDArray x = input.castTo(dataType);
    boolean isDense = x.ordering() == 'c' && Shape.hasDefaultStridesForShape(x);
    return isDense ? x : workspaceMgr.dup(memory, x, 'c');
  }

  /** The gradients, which are in their views, by name. */
  final Gradient gradients() {
    Gradient gradient = new DefaultGradient(gradientsFlattened);
    gradientViews.forEach((name, view) -> gradient.setGradientFor(name, view));
    return gradient;
  }
}
