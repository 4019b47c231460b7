package io.gradlens.field;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.gradlens.UserInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The keys of an object in a {@link ConfigText}, taken one by one; {@link #end} refuses those that
 * nobody asked for.
 */
final class Section {

  private final ConfigText source;
  private final String name;
  private final ConfigObject object;
  private final Set<String> asked = new LinkedHashSet<>();

  Section(ConfigText source, String name, ConfigObject object) {
    this.source = source;
    this.name = name;
    this.object = object;
  }

  boolean has(String key) {
    asked.add(key);
    return object.containsKey(key);
  }

  String text(String key) {
    return required(key, ConfigValueType.STRING, "a text").unwrapped().toString();
  }

  double number(String key) {
    return number(required(key, ConfigValueType.NUMBER, "a number"));
  }

  /** From its text, which has the sign of −0. */
  private static double number(ConfigValue value) {
    return Double.parseDouble(value.atKey("number").getString("number"));
  }

  int whole(String key) {
    return (int) wholeLong(key, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  int whole(String key, int otherwise) {
    return has(key) ? whole(key) : otherwise;
  }

  long wholeLong(String key, long otherwise) {
    return has(key) ? wholeLong(key, Long.MIN_VALUE, Long.MAX_VALUE) : otherwise;
  }

  private long wholeLong(String key, long least, long most) {
    Number number = (Number) required(key, ConfigValueType.NUMBER, "a number").unwrapped();
    if (number.doubleValue() != number.longValue()
        || number.longValue() < least
        || number.longValue() > most) {
      throw at(key, "'%s' must be a whole number, got %s.".formatted(key, number));
    }
    return number.longValue();
  }

  boolean flag(String key) {
    return has(key)
        && (Boolean) required(key, ConfigValueType.BOOLEAN, "true or false").unwrapped();
  }

  List<Integer> wholes(String key) {
    return list(key).stream()
        .map(
            value -> {
              if (!(value.unwrapped() instanceof Integer number)) {
                throw at(key, "'%s' must be a list of whole numbers.".formatted(key));
              }
              return number;
            })
        .toList();
  }

  /** Lists of numbers of one length. */
  double[][] matrix(String key) {
    List<double[]> rows = new ArrayList<>();
    for (ConfigValue row : list(key)) {
      boolean isRow =
          row instanceof ConfigList numbers
              && numbers.stream().allMatch(each -> each.valueType() == ConfigValueType.NUMBER);
      if (!isRow) {
        throw at(key, "'%s' must be a list of rows, each a list of numbers.".formatted(key));
      }
      rows.add(((ConfigList) row).stream().mapToDouble(Section::number).toArray());
    }
    return rows.toArray(double[][]::new);
  }

  /** The value of a key that names one of an enum's constants, in lower case. */
  <E extends Enum<E>> E choice(String key, Class<E> type) {
    String given = text(key);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(given)) {
        return constant;
      }
    }
    throw at(
        key,
        "'%s' cannot be '%s'; choose %s."
            .formatted(
                key,
                given,
                Arrays.stream(type.getEnumConstants())
                    .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", "))));
  }

  <E extends Enum<E>> E choice(String key, E otherwise) {
    return has(key) ? choice(key, otherwise.getDeclaringClass()) : otherwise;
  }

  Section section(String key) {
    return new Section(
        source, key, (ConfigObject) required(key, ConfigValueType.OBJECT, "a section { … }"));
  }

  List<Section> sections(String key) {
    List<Section> sections = new ArrayList<>();
    for (ConfigValue value : list(key)) {
      if (!(value instanceof ConfigObject inner)) {
        throw at(key, "'%s' must be a list of sections { … }.".formatted(key));
      }
      sections.add(new Section(source, key, inner));
    }
    return sections;
  }

  /** All keys with numbers for values; none where the key is not there. */
  Map<String, Double> numbers(String key) {
    Map<String, Double> numbers = new TreeMap<>();
    if (has(key)) {
      Section inner = section(key);
      inner.object.keySet().forEach(name -> numbers.put(name, inner.number(name)));
    }
    return numbers;
  }

  /** All keys with texts for values; none where the key is not there. */
  Map<String, String> texts(String key) {
    Map<String, String> texts = new LinkedHashMap<>();
    if (has(key)) {
      Section inner = section(key);
      inner.object.keySet().stream().sorted().forEach(name -> texts.put(name, inner.text(name)));
    }
    return texts;
  }

  /** What a computation gives, its complaints told where the key is. */
  <T> T checked(String key, Supplier<T> computation) {
    try {
      return computation.get();
    } catch (IllegalArgumentException | UserInputException e) {
      throw object.containsKey(key)
          ? source.at(key, object.get(key), e.getMessage(), e)
          : source.at(object, e.getMessage());
    }
  }

  /**
   * To be called when all keys have been asked for.
   *
   * @throws UserInputException if there are others
   */
  void end() {
    for (String key : object.keySet()) {
      if (!asked.contains(key)) {
        throw at(
            key,
            "unknown key '%s'%s; known are: %s."
                .formatted(key, name.isEmpty() ? "" : " in " + name, String.join(", ", asked)));
      }
    }
  }

  /** A mistake in the value of a key that is there. */
  UserInputException at(String key, String message) {
    return source.at(key, object.get(key), message, null);
  }

  private List<ConfigValue> list(String key) {
    return (ConfigList) required(key, ConfigValueType.LIST, "a list [ … ]");
  }

  private ConfigValue required(String key, ConfigValueType type, String what) {
    if (!has(key)) {
      throw source.at(
          object,
          "%s needs the key '%s', %s."
              .formatted(name.isEmpty() ? "the file" : "'" + name + "'", key, what));
    }
    ConfigValue value = object.get(key);
    if (type == ConfigValueType.STRING && value.valueType() == ConfigValueType.NUMBER) {
      return value;
    }
    if (value.valueType() != type) {
      throw at(key, "'%s' must be %s, got %s.".formatted(key, what, rendered(value)));
    }
    return value;
  }

  private static String rendered(ConfigValue value) {
    return value.render(ConfigRenderOptions.concise());
  }
}
