package io.gradlens.jobs;

import io.gradlens.UserInputException;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/** {@code --times}: {@code START:END:COUNT}, or a file with one time a line. */
final class Times {

  private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?");
  private static final Pattern RANGE =
      Pattern.compile("(%s):(%s):([0-9]+)".formatted(NUMBER, NUMBER));

  private Times() {}

  /**
   * @throws UserInputException if it is neither
   */
  static double[] parse(String given, Configuration hadoop) {
    var range = RANGE.matcher(given);
    if (range.matches()) {
      return range(given, range.group(1), range.group(2), range.group(3));
    }
    String[] lines = TextFiles.read(given, "Times file", hadoop).strip().split("\\s+");
    return Arrays.stream(lines).mapToDouble(line -> number(given, line)).toArray();
  }

  private static double[] range(String given, String from, String to, String count) {
    double start = number(given, from);
    double end = number(given, to);
    double steps = number(given, count) - 1;
    if (steps < 1 || steps >= 1e8) {
      throw new UserInputException(
          "Times %s: START:END:COUNT needs 2 to 100000000 times.".formatted(given));
    }
    return IntStream.rangeClosed(0, (int) steps)
        .mapToDouble(i -> i == steps ? end : start + (end - start) * (i / steps))
        .toArray();
  }

  private static double number(String given, String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new UserInputException(
          "Times %s: '%s' is no number; expected are START:END:COUNT, or a file with one time a line."
              .formatted(given, text),
          e);
    }
  }
}
