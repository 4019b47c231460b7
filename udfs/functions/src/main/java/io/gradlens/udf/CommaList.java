package io.gradlens.udf;

import java.util.Arrays;
import java.util.List;

/** A list in one option: {@code conv1,conv2}. */
public final class CommaList {

  private CommaList() {}

  /** The entries, trimmed, without empty ones, each once, in the order given. */
  public static List<String> of(String text) {
    return Arrays.stream(text.split(","))
        .map(String::strip)
        .filter(entry -> !entry.isEmpty())
        .distinct()
        .toList();
  }
}
