package io.gradlens.udf;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gradlens.UserInputException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;

/**
 * What a model's classes are called.
 *
 * @param count how many classes the model has
 * @param names one a class, or empty where they have none
 * @param ids a second name of every class (a WordNet number such as n02123045), or empty
 */
public record ClassNames(int count, List<String> names, List<String> ids) implements Serializable {

  /**
   * @throws UserInputException if there are names, but not one a class
   */
  public ClassNames {
    names = List.copyOf(names);
    ids = List.copyOf(ids);
    if (!names.isEmpty() && names.size() != count) {
      throw new UserInputException(
          "There are %d class names, but the model has %d classes.".formatted(names.size(), count));
    }
  }

  /** Classes without names. */
  public static ClassNames none(int count) {
    return new ClassNames(count, List.of(), List.of());
  }

  /**
   * Reads a JSON list, a JSON object from index to name (Keras' {@code imagenet_class_index.json},
   * from index to [id, name], too), or one name a line.
   *
   * @param text the file's content
   * @param count how many classes the model has
   * @throws UserInputException if it is none of these or has not one name a class
   */
  public static ClassNames parse(String text, int count) {
    ClassNames all = parse(text);
    return new ClassNames(count, all.names, all.ids);
  }

  /**
   * The same, with as many classes as there are names.
   *
   * @throws UserInputException if it is none of these
   */
  public static ClassNames parse(String text) {
    String start = text.stripLeading();
    if (!start.startsWith("[") && !start.startsWith("{")) {
      return all(text.strip().lines().map(String::strip).toList(), List.of());
    }
    JsonNode json;
    try {
      json = new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new UserInputException(
          "Class names are not valid JSON: " + e.getOriginalMessage() + ".", e);
    }
    return json.isArray() ? ofArray(json) : ofIndex(json);
  }

  private static ClassNames all(List<String> names, List<String> ids) {
    return new ClassNames(names.size(), names, ids);
  }

  private static ClassNames ofArray(JsonNode json) {
    List<String> names = new ArrayList<>();
    json.forEach(name -> names.add(name.asText()));
    return all(names, List.of());
  }

  private static ClassNames ofIndex(JsonNode json) {
    List<String> names = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < json.size(); i++) {
      JsonNode entry = json.get(Integer.toString(i));
      if (entry == null) {
        throw new UserInputException(
            "Class names lack the index %d; a JSON object needs 0 to %d."
                .formatted(i, json.size() - 1));
      }
      if (entry.isArray() && entry.size() == 2) {
        ids.add(entry.get(0).asText());
        names.add(entry.get(1).asText());
      } else {
        names.add(entry.asText());
      }
    }
    return all(names, ids.size() == names.size() ? ids : List.of());
  }

  /** The name of a class, or null where it has none. */
  public String nameOf(int index) {
    return names.isEmpty() ? null : names.get(index);
  }

  /**
   * The class that the user means: an index first, then a name or id.
   *
   * @throws UserInputException if there is none, or more than one
   */
  public int indexOfClass(String nameOrIndex) {
    int index = asIndex(nameOrIndex);
    if (index >= 0) {
      return index;
    }
    OptionalInt named = named(nameOrIndex);
    if (named.isPresent()) {
      return named.getAsInt();
    }
    throw new UserInputException(
        "Class '%s' is not one of the model's %d classes; %s."
            .formatted(
                nameOrIndex,
                count,
                names.isEmpty()
                    ? "they have no names (give --class-names), only the indices 0 to "
                        + (count - 1)
                    : "they are " + sample()));
  }

  /**
   * The class that a label of the data names: a name or id first, then an index, for data sets are
   * labelled either way.
   *
   * @return empty if there is none
   * @throws UserInputException if several classes have that name
   */
  public OptionalInt indexOfLabel(String label) {
    OptionalInt named = named(label);
    if (named.isPresent()) {
      return named;
    }
    int index = asIndex(label);
    return index >= 0 ? OptionalInt.of(index) : OptionalInt.empty();
  }

  private OptionalInt named(String name) {
    int byName = names.indexOf(name);
    if (byName >= 0 && byName != names.lastIndexOf(name)) {
      throw new UserInputException(
          "Class name '%s' is ambiguous: indices %d and %d have it; give an index."
              .formatted(name, byName, names.lastIndexOf(name)));
    }
    int at = byName >= 0 ? byName : ids.indexOf(name);
    return at >= 0 ? OptionalInt.of(at) : OptionalInt.empty();
  }

  private int asIndex(String text) {
    if (!text.matches("[0-9]{1,9}")) {
      return -1;
    }
    int index = Integer.parseInt(text);
    return index < count ? index : -1;
  }

  private String sample() {
    List<String> sorted = new ArrayList<>(names);
    Collections.sort(sorted);
    return sorted.size() <= 20
        ? String.join(", ", sorted)
        : String.join(", ", sorted.subList(0, 20)) + ", …";
  }
}
