package io.gradlens.model.keras;

import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The weights in a {@code .h5} file of Keras 2 or 3.
 *
 * <p>Every layer of the outermost model has a group of its name, whose attribute {@code
 * weight_names} lists its datasets. The names vary with version and backend, so what counts is the
 * order. A nested model has one list for all its layers: first what training changes, layer by
 * layer, then the rest.
 */
final class KerasH5Weights implements KerasWeights {

  /** One weight of one layer. */
  private record Slot(KerasLayer layer, int index, boolean trainable) {}

  private final Group root;
  private final Map<KerasLayer, List<Slot>> orders = new HashMap<>();

  /**
   * @param root the group {@code model_weights}
   */
  KerasH5Weights(Group root) {
    this.root = root;
  }

  @Override
  public INDArray read(KerasLayer layer, int index, long... shape) {
    KerasLayer outer = layer;
    while (outer.parent().self() != null) {
      outer = outer.parent().self();
    }
    if (!(find(root, outer.name()) instanceof Group group)) {
      throw layer.problem("has no weights in the file");
    }
    int position = position(outer, layer, index);
    List<String> names = names(group);
    if (position >= names.size()
        || !(find(group, names.get(position)) instanceof Dataset dataset)) {
      throw layer.problem("has no weight %d in the file".formatted(index));
    }
    return KerasTensors.checked(layer, dataset, shape);
  }

  private int position(KerasLayer outer, KerasLayer layer, int index) {
    if (outer == layer) {
      return index;
    }
    List<Slot> order = orders.computeIfAbsent(outer, KerasH5Weights::order);
    for (int i = 0; i < order.size(); i++) {
      if (order.get(i).layer() == layer && order.get(i).index() == index) {
        return i;
      }
    }
    throw layer.problem("has no weight %d in Keras".formatted(index));
  }

  /** The order in which Keras lists the weights of a nested model. */
  private static List<Slot> order(KerasLayer outer) {
    List<Slot> all = new ArrayList<>();
    collect(outer.model(), all);
    if (outer.parent().generation() >= 3 && !outer.isTrainable()) {
      return all;
    }
    List<Slot> order = new ArrayList<>(all.stream().filter(Slot::trainable).toList());
    all.stream().filter(slot -> !slot.trainable()).forEach(order::add);
    return order;
  }

  private static void collect(KerasModel model, List<Slot> slots) {
    for (KerasLayer layer : model.layers()) {
      if (layer.model() != null) {
        collect(layer.model(), slots);
        continue;
      }
      int trainable = trainable(layer);
      int all = trainable + nonTrainable(layer);
      for (int i = 0; i < all; i++) {
        slots.add(new Slot(layer, i, i < trainable && layer.isTrainable()));
      }
    }
  }

  private static int trainable(KerasLayer layer) {
    int bias = layer.flag("use_bias", true) ? 1 : 0;
    if (isBatchNormalization(layer) || layer.className().equals("LayerNormalization")) {
      return (layer.flag("scale", true) ? 1 : 0) + (layer.flag("center", true) ? 1 : 0);
    }
    return switch (layer.className()) {
      case "Conv2D", "DepthwiseConv2D", "Dense" -> 1 + bias;
      case "SeparableConv2D" -> 2 + bias;
      case "PReLU", "LayerScale" -> 1;
      default -> 0;
    };
  }

  private static int nonTrainable(KerasLayer layer) {
    if (isBatchNormalization(layer)) {
      return 2;
    }
    boolean adapted =
        layer.className().equals("Normalization") && layer.setting("mean").isMissingNode();
    return adapted ? 3 : 0;
  }

  private static boolean isBatchNormalization(KerasLayer layer) {
    return layer.className().contains("BatchNormalization");
  }

  /** The names of a group's weights, without the states of random generators. */
  private static List<String> names(Group group) {
    return HdfStrings.list(group, "weight_names").stream()
        .filter(name -> !name.contains("StateVar") && !name.contains("seed_generator"))
        .toList();
  }

  /** The node at a path of several names, or null. */
  private static Node find(Group from, String path) {
    Node node = from;
    for (String name : path.split("/")) {
      node = node instanceof Group group ? group.getChild(name) : null;
    }
    return node;
  }
}
