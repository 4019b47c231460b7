package io.gradlens.udf;

import io.gradlens.UserInputException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** Which classes to explain, as the user writes it. */
public sealed interface TargetSpec extends Serializable {

  /** The {@code count} classes of highest logit: {@code top1}, {@code top5}. */
  record Top(int count) implements TargetSpec {}

  /** One class for every image, by index or name: {@code class:281}, {@code class:tabby}. */
  record OfClass(String nameOrIndex) implements TargetSpec {}

  /** The class that the image's own label names: {@code label}. */
  record OfLabel() implements TargetSpec {}

  /**
   * Reads a comma list such as {@code top1,class:281,label}.
   *
   * @throws UserInputException if an entry is none of {@code topN}, {@code class:X}, {@code label}
   */
  static List<TargetSpec> parse(String text) {
    List<TargetSpec> targets = new ArrayList<>();
    for (String entry : CommaList.of(text)) {
      targets.add(one(entry));
    }
    if (targets.isEmpty()) {
      throw unknown(text);
    }
    return List.copyOf(targets);
  }

  private static TargetSpec one(String entry) {
    if (entry.equals("label")) {
      return new OfLabel();
    }
    if (entry.startsWith("class:") && entry.length() > 6) {
      return new OfClass(entry.substring(6));
    }
    if (entry.matches("top[1-9][0-9]{0,5}")) {
      return new Top(Integer.parseInt(entry.substring(3)));
    }
    throw unknown(entry);
  }

  private static UserInputException unknown(String entry) {
    return new UserInputException(
        "Target '%s' is not known; give top1, topN, class:INDEX, class:NAME or label."
            .formatted(entry));
  }
}
