package io.gradlens.field;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import io.gradlens.UserInputException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A text in HOCON or JSON; mistakes in it are told with file, line and column. */
final class ConfigText {

  private final String what;
  private final String text;

  private ConfigText(String what, String text) {
    this.what = what;
    this.text = text;
  }

  /**
   * Reads a text.
   *
   * @param what kind and name of the file, as {@code Field file a.conf}, for messages
   * @throws UserInputException if it cannot be parsed
   */
  static Section parse(String what, String text) {
    ConfigText source = new ConfigText(what, text);
    try {
      return new Section(source, "", parsed(text));
    } catch (ConfigException e) {
      throw source.unparsable(e);
    }
  }

  private static ConfigObject parsed(String text) {
    var options = ConfigParseOptions.defaults().setOriginDescription("text");
    return ConfigFactory.parseString(text, options).resolve().root();
  }

  private UserInputException unparsable(ConfigException e) {
    int line = e.origin() == null ? 1 : Math.max(1, e.origin().lineNumber());
    String reason = e.getMessage().replaceFirst("^text: (\\d+: )?", "");
    return at(line, columnOf(e, line), reason, e);
  }

  /**
   * The parser knows lines only: the mistake is where the shortest beginning of the text ends that
   * is refused for the same reason.
   */
  private int columnOf(ConfigException e, int line) {
    int start = startOf(line);
    int length = textOf(line).length();
    for (int column = 1; column <= length; column++) {
      try {
        parsed(text.substring(0, start + column));
      } catch (ConfigException other) {
        if (other.getMessage().equals(e.getMessage())) {
          return column;
        }
      }
    }
    return length + 1;
  }

  /** A mistake in the value of a key. */
  UserInputException at(String key, ConfigValue value, String message, Throwable cause) {
    Pattern word = Pattern.compile("(?<![\\w.-])\"?" + Pattern.quote(key) + "\"?(?![\\w-])");
    int line = Math.max(1, value.origin().lineNumber());
    // A value may begin on a later line than its key.
    for (int l = line; l >= 1; l--) {
      Matcher found = word.matcher(textOf(l));
      if (found.find()) {
        return at(l, found.start() + 1, message, cause);
      }
    }
    return at(line, 1, message, cause);
  }

  /** A mistake of a section as a whole. */
  UserInputException at(ConfigObject section, String message) {
    return at(Math.max(1, section.origin().lineNumber()), 1, message, null);
  }

  private UserInputException at(int line, int column, String message, Throwable cause) {
    return new UserInputException(
        "%s, line %d, column %d: %s".formatted(what, line, column, message), cause);
  }

  private int startOf(int line) {
    int start = 0;
    for (int l = 1; l < line; l++) {
      int end = text.indexOf('\n', start);
      if (end < 0) {
        return text.length();
      }
      start = end + 1;
    }
    return start;
  }

  private String textOf(int line) {
    int start = startOf(line);
    int end = text.indexOf('\n', start);
    return text.substring(start, end < 0 ? text.length() : end);
  }
}
