package io.gradlens.udf;

import io.gradlens.UserInputException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The classes to explain, resolved against a model.
 *
 * @param top how many classes of highest logit
 * @param classes indices that every image is explained for
 * @param label whether the image's own label is explained too
 */
record Targets(int top, List<Integer> classes, boolean label) implements Serializable {

  /**
   * @throws UserInputException if a class is not the model's, or top asks for more than there are
   */
  static Targets resolve(List<TargetSpec> specs, ClassNames names) {
    int top = 0;
    boolean label = false;
    Set<Integer> classes = new TreeSet<>();
    for (TargetSpec spec : specs) {
      if (spec instanceof TargetSpec.Top best) {
        top = Math.max(top, best.count());
      } else if (spec instanceof TargetSpec.OfClass one) {
        classes.add(names.indexOfClass(one.nameOrIndex()));
      } else {
        label = true;
      }
    }
    if (top > names.count()) {
      throw new UserInputException(
          "Target 'top%d' asks for more than the model's %d classes."
              .formatted(top, names.count()));
    }
    return new Targets(top, List.copyOf(classes), label);
  }

  /**
   * How many gradients go back for every image: the same for all, so that the shape of a batch, and
   * with it the bits of a row, do not depend on its neighbours.
   */
  int width() {
    return top + classes.size() + (label ? 1 : 0);
  }

  /**
   * The classes of one image, each once.
   *
   * @param ranking class indices by falling logit
   * @param labelIndex the class of the image's label; unused without {@code label}
   */
  List<Integer> of(int[] ranking, int labelIndex) {
    Set<Integer> indices = new LinkedHashSet<>();
    for (int i = 0; i < top; i++) {
      indices.add(ranking[i]);
    }
    indices.addAll(classes);
    if (label) {
      indices.add(labelIndex);
    }
    return List.copyOf(indices);
  }

  /** Whether an image has all its targets, told from the ranks and indices of its rows. */
  boolean areIn(Set<Integer> ranks, Set<Integer> indices, int labelIndex) {
    return IntStream.rangeClosed(1, top).allMatch(ranks::contains)
        && indices.containsAll(classes)
        && (!label || indices.contains(labelIndex));
  }

  /** As it could be written on the command line: {@code top2,class:3,label}. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    if (top > 0) {
      parts.add("top" + top);
    }
    classes.forEach(index -> parts.add("class:" + index));
    if (label) {
      parts.add("label");
    }
    return String.join(",", parts);
  }
}
