package io.gradlens.odeblock;

import io.gradlens.odeblock.LearntArray.Role;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Lays a layer's arrays out, one behind the other, in DL4J's flat vectors. */
final class LearntArrays implements ParamInitializer {

  /** A configuration that says what its layer learns. */
  interface Owner {

    /** The layer's arrays, in the order in which they are stored. */
    List<LearntArray> learntArrays();
  }

  static final LearntArrays INSTANCE = new LearntArrays();

  private LearntArrays() {}

  private static List<LearntArray> of(Layer layer) {
    return ((Owner) layer).learntArrays();
  }

  /** Views of the arrays in a vector that holds them all. */
  static Map<String, INDArray> views(List<LearntArray> arrays, INDArray vector) {
    INDArray flat = vector.reshape(vector.length());
    Map<String, INDArray> views = new LinkedHashMap<>();
    long from = 0;
    for (LearntArray array : arrays) {
      long to = from + array.length();
      views.put(
          array.name(), flat.get(NDArrayIndex.interval(from, to)).reshape('c', array.shape()));
      from = to;
    }
    return views;
  }

  @Override
  public long numParams(NeuralNetConfiguration conf) {
    return numParams(conf.getLayer());
  }

  @Override
  public long numParams(Layer layer) {
    return of(layer).stream().mapToLong(LearntArray::length).sum();
  }

  @Override
  public List<String> paramKeys(Layer layer) {
    return of(layer).stream().map(LearntArray::name).toList();
  }

  @Override
  public List<String> weightKeys(Layer layer) {
    return keys(layer, Role.WEIGHT);
  }

  @Override
  public List<String> biasKeys(Layer layer) {
    return keys(layer, Role.BIAS);
  }

  private static List<String> keys(Layer layer, Role role) {
    return of(layer).stream().filter(a -> a.role() == role).map(LearntArray::name).toList();
  }

  @Override
  public boolean isWeightParam(Layer layer, String key) {
    return weightKeys(layer).contains(key);
  }

  @Override
  public boolean isBiasParam(Layer layer, String key) {
    return biasKeys(layer).contains(key);
  }

  @Override
  public Map<String, INDArray> init(
      NeuralNetConfiguration conf, INDArray vector, boolean initializeParams) {
    BaseLayer layer = (BaseLayer) conf.getLayer();
    Map<String, INDArray> views = views(of(layer), vector);
    for (LearntArray array : of(layer)) {
      conf.addVariable(array.name());
      if (initializeParams) {
        array.begin(
            views.get(array.name()).reshape(array.length()),
            layer.getWeightInitFn(),
            layer.getBiasInit());
      }
    }
    return views;
  }

  @Override
  public Map<String, INDArray> getGradientsFromFlattened(
      NeuralNetConfiguration conf, INDArray vector) {
    return views(of(conf.getLayer()), vector);
  }
}
