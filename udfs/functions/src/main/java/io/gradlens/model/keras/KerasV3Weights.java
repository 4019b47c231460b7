package io.gradlens.model.keras;

import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The weights in a {@code .keras} archive.
 *
 * <p>They lie under {@code layers/<group>/vars/<index>}, nested models under {@code
 * layers/<group>/layers/…}. A group is not named after the layer but after its class in snake case,
 * with a counter in the order of the model's layers: {@code conv2d}, {@code conv2d_1}. Newer files
 * also keep the layer's name as an attribute of {@code vars}; where it is there, it decides.
 */
final class KerasV3Weights implements KerasWeights {
  /** Where TensorFlow 2.12 kept a model's layers. */
  private static final String OLD_CONTAINER = "_layer_checkpoint_dependencies";

  private final Group root;
  private final Map<KerasModel, Map<String, Group>> groups = new HashMap<>();

  KerasV3Weights(Group root) {
    this.root = root;
  }

  @Override
  public INDArray read(KerasLayer layer, int index, long... shape) {
    Group group = group(layer);
    Node vars = group == null ? null : group.getChild("vars");
    Node weight = vars instanceof Group g ? g.getChild(Integer.toString(index)) : null;
    if (!(weight instanceof Dataset dataset)) {
      throw layer.problem("has no weight %d in the file".formatted(index));
    }
    return KerasTensors.checked(layer, dataset, shape);
  }

  private Group group(KerasLayer layer) {
    KerasModel model = layer.parent();
    Map<String, Group> index = groups.get(model);
    if (index == null) {
      index = index(model);
      groups.put(model, index);
    }
    return index.get(layer.name());
  }

  private Map<String, Group> index(KerasModel model) {
    Group home = model.self() == null ? root : group(model.self());
    Map<String, Group> index = new HashMap<>();
    if (home != null && home.getChild("layers") instanceof Group layers) {
      addByCounter(model, layers, index);
      addByName(model, layers, index);
    } else if (home != null && home.getChild(OLD_CONTAINER) instanceof Group layers) {
      addByOrder(model, layers, index);
    }
    return index;
  }

  /** The rule of Keras: class in snake case, and a counter from the second on. */
  private static void addByCounter(KerasModel model, Group layers, Map<String, Group> index) {
    Map<String, Integer> counters = new HashMap<>();
    for (KerasLayer layer : model.layers()) {
      if (layer.isOperation()) {
        continue;
      }
      String base = snakeCase(layer.className());
      int count = counters.merge(base, 1, Integer::sum) - 1;
      if (layers.getChild(name(base, count)) instanceof Group group) {
        index.put(layer.name(), group);
      }
    }
  }

  /** The counters of TensorFlow 2.12 have gaps: the n-th group of a class is its n-th layer. */
  private static void addByOrder(KerasModel model, Group layers, Map<String, Group> index) {
    Map<String, Integer> reached = new HashMap<>();
    for (KerasLayer layer : model.layers()) {
      String base = snakeCase(layer.className());
      int limit = 2 * model.layers().size();
      for (int count = reached.getOrDefault(base, 0); count < limit; count++) {
        if (layers.getChild(name(base, count)) instanceof Group group) {
          index.put(layer.name(), group);
          reached.put(base, count + 1);
          break;
        }
      }
    }
  }

  private static String name(String base, int count) {
    return count == 0 ? base : base + "_" + count;
  }

  private static void addByName(KerasModel model, Group layers, Map<String, Group> index) {
    Map<String, Group> named = new HashMap<>();
    for (Node child : layers.getChildren().values()) {
      if (child instanceof Group group && group.getChild("vars") instanceof Group vars) {
        Attribute name = vars.getAttribute("name");
        if (name != null) {
          named.put(String.valueOf(name.getData()), group);
        }
      }
    }
    for (KerasLayer layer : model.layers()) {
      if (named.containsKey(layer.name())) {
        index.put(layer.name(), named.get(layer.name()));
      }
    }
  }

  /** {@code LeakyReLU} becomes {@code leaky_re_lu}, {@code Conv2D} becomes {@code conv2d}. */
  static String snakeCase(String className) {
    String name = className.substring(className.lastIndexOf('>') + 1);
    return name.replaceAll("\\W+", "")
        .replaceAll("(.)([A-Z][a-z]+)", "$1_$2")
        .replaceAll("([a-z])([A-Z])", "$1_$2")
        .toLowerCase(Locale.ROOT);
  }
}
