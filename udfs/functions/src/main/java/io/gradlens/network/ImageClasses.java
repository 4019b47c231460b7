package io.gradlens.network;

import io.gradlens.UserInputException;
import io.gradlens.network.TrainingImages.Survey;
import io.gradlens.udf.ClassNames;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * The classes that a data set's labels stand for.
 *
 * @param names in the order of the network's outputs
 * @param byLabel the number of every label's class
 * @param images how many pictures of each can be read
 */
public record ImageClasses(List<String> names, Map<String, Integer> byLabel, List<Long> images) {

  /** So many names stand in a message. */
  private static final int NAMED = 10;

  /**
   * Every label is a class, by number where all are numbers, else in alphabetical order.
   *
   * @throws UserInputException if an image has no label, a class has no picture that can be read,
   *     or there are fewer than two classes
   */
  public static ImageClasses of(Survey survey) {
    boolean isNumbers = survey.labels().keySet().stream().allMatch(l -> l.matches("[0-9]{1,9}"));
    List<String> names = new ArrayList<>(survey.labels().keySet());
    if (isNumbers) {
      names.sort(Comparator.comparing(Integer::valueOf));
    }
    return among(survey, new ClassNames(names.size(), names, List.of()));
  }

  /**
   * Classes are given.
   *
   * @throws UserInputException if a label is none of them, an image has no label, a class has no
   *     picture that can be read, or there are fewer than two classes
   */
  public static ImageClasses among(Survey survey, ClassNames classes) {
    requireLabels(survey);
    Map<String, Integer> byLabel = new TreeMap<>();
    List<String> unknown = new ArrayList<>();
    for (String label : survey.labels().keySet()) {
      OptionalInt index = classes.indexOfLabel(label);
      if (index.isPresent()) {
        byLabel.put(label, index.getAsInt());
      } else {
        unknown.add(label);
      }
    }
    if (!unknown.isEmpty()) {
      throw new UserInputException(
          "Labels %s are none of the %d classes: %s."
              .formatted(some(unknown), classes.count(), some(classes.names())));
    }
    return counted(survey, classes, byLabel);
  }

  private static void requireLabels(Survey survey) {
    if (survey.unlabelled() > 0) {
      throw new UserInputException(
          "%d of %d images have no label, such as %s; give every image one, or leave them out."
              .formatted(
                  survey.unlabelled(),
                  survey.total(),
                  String.join(", ", survey.firstUnlabelled())));
    }
  }

  /**
   * Checks pictures that are for trying only; they need not be of all classes.
   *
   * @throws UserInputException if one has no label, or a label that no picture to learn from has
   */
  public void check(Survey survey) {
    requireLabels(survey);
    List<String> unknown =
        survey.labels().keySet().stream().filter(label -> !byLabel.containsKey(label)).toList();
    if (!unknown.isEmpty()) {
      throw new UserInputException(
          "Labels %s are none that the network learns: %s."
              .formatted(some(unknown), some(byLabel.keySet())));
    }
  }

  private static ImageClasses counted(
      Survey survey, ClassNames classes, Map<String, Integer> byLabel) {
    Long[] images = new Long[classes.count()];
    java.util.Arrays.fill(images, 0L);
    survey.imagesByLabel().forEach((label, count) -> images[byLabel.get(label)] += count);
    List<String> empty = new ArrayList<>();
    for (int i = 0; i < images.length; i++) {
      if (images[i] == 0) {
        empty.add(classes.nameOf(i));
      }
    }
    if (!empty.isEmpty()) {
      throw new UserInputException(
          "Classes without a picture that can be read: %s; add pictures, or leave these classes out."
              .formatted(some(empty)));
    }
    if (classes.count() < 2) {
      throw new UserInputException(
          "There is nothing to tell apart: %s; at least two classes are needed."
              .formatted(
                  classes.count() == 0
                      ? "no image has a label"
                      : "all images are of the class '%s'".formatted(classes.nameOf(0))));
    }
    return new ImageClasses(classes.names(), byLabel, List.of(images));
  }

  private static String some(Collection<String> names) {
    List<String> first = names.stream().limit(NAMED).toList();
    return String.join(", ", first) + (names.size() > NAMED ? ", …" : "");
  }

  /** What an image of each class counts, so that all classes count the same: N/(K·n_c). */
  public List<Double> balancedWeights() {
    double all = images.stream().mapToLong(Long::longValue).sum();
    return images.stream().map(count -> all / (images.size() * count)).toList();
  }
}
