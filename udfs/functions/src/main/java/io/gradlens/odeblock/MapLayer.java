package io.gradlens.odeblock;

import java.util.Collection;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The configuration of a layer whose output has the shape of its input, maps {@code [N,C,H,W]}:
 * what DL4J asks of any such layer.
 */
abstract class MapLayer extends FeedForwardLayer implements LearntArrays.Owner {

  /** For DL4J's mapper. */
  MapLayer() {}

  MapLayer(FeedForwardLayer.Builder<?> builder) {
    super(builder);
    nOut = nIn;
  }

  /** The layer that computes; its parameters are not set yet. */
  abstract org.deeplearning4j.nn.layers.BaseLayer<?> layer(
      NeuralNetConfiguration configuration, DataType type);

  /** Numbers that an example needs besides input and output, while gradients are computed. */
  abstract long workingNumbers(InputType inputType);

  @Override
  public final org.deeplearning4j.nn.api.Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int layerIndex,
      INDArray vector,
      boolean initializeParams,
      DataType type) {
    org.deeplearning4j.nn.layers.BaseLayer<?> layer = layer(configuration, type);
    layer.setListeners(listeners);
    layer.setIndex(layerIndex);
    layer.setParamsViewArray(vector);
    Map<String, INDArray> table = initializer().init(configuration, vector, initializeParams);
    layer.setParamTable(table);
    layer.setConf(configuration);
    return layer;
  }

  @Override
  public final ParamInitializer initializer() {
    return LearntArrays.INSTANCE;
  }

  @Override
  public final InputType getOutputType(int layerIndex, InputType inputType) {
    return inputType instanceof InputType.InputTypeConvolutionalFlat flat
        ? flat.getUnflattenedType()
        : maps(inputType);
  }

  @Override
  public final void setNIn(InputType inputType, boolean override) {
    if (nIn <= 0 || override) {
      nIn =
          inputType instanceof InputType.InputTypeConvolutionalFlat flat
              ? flat.getDepth()
              : maps(inputType).getChannels();
      nOut = nIn;
    }
  }

  private InputType.InputTypeConvolutional maps(InputType inputType) {
    if (inputType instanceof InputType.InputTypeConvolutional maps
        && maps.getFormat() == CNN2DFormat.NCHW) {
      return maps;
    }
    throw new IllegalStateException(
        "Layer '%s' (%s) takes maps [N,C,H,W] of a convolution, not %s."
            .formatted(getLayerName(), getClass().getSimpleName(), inputType));
  }

  @Override
  public final InputPreProcessor getPreProcessorForInputType(InputType inputType) {
    return inputType instanceof InputType.InputTypeConvolutionalFlat flat
        ? new FeedForwardToCnnPreProcessor(flat.getHeight(), flat.getWidth(), flat.getDepth())
        : null;
  }

  @Override
  public final LayerMemoryReport getMemoryReport(InputType inputType) {
    long parameters = initializer().numParams(this);
    long state = getIUpdater() == null ? 0 : getIUpdater().stateSize(parameters);
    return new LayerMemoryReport.Builder(
            layerName, getClass(), inputType, getOutputType(-1, inputType))
        .standardMemory(parameters, state)
        .workingMemory(0, 0, 0, workingNumbers(inputType))
        .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
        .build();
  }
}
