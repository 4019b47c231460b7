package io.gradlens.udf;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The resolved settings that rows depend on, by option name. */
public record Settings(SortedMap<String, String> values) {

  public Settings {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }

  /** The same with more entries. */
  public Settings with(Map<String, String> more) {
    var all = new TreeMap<>(values);
    all.putAll(more);
    return new Settings(all);
  }

  /** SHA-256 over the lines {@code key=value}, sorted by key. */
  public String sha256() {
    var text = new StringBuilder();
    values.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    return Digests.sha256(text.toString());
  }

  /** What differs, as {@code key: theirs -> ours}, sorted by key. */
  public List<String> differencesFrom(Map<String, String> others) {
    var keys = new TreeSet<>(values.keySet());
    keys.addAll(others.keySet());
    List<String> differences = new ArrayList<>();
    for (String key : keys) {
      String theirs = others.get(key);
      String ours = values.get(key);
      if (!Objects.equals(theirs, ours)) {
        differences.add("%s: %s -> %s".formatted(key, theirs, ours));
      }
    }
    return differences;
  }
}
