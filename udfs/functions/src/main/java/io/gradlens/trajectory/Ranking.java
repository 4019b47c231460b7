package io.gradlens.trajectory;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.unsafe.types.UTF8String;

/** The trajectories with the largest absolute values of something; ties go by id. */
public final class Ranking implements Serializable {

  /** A trajectory and its value. */
  public record Entry(String trajectoryId, double value) implements Serializable {}

  private static final Comparator<Entry> LARGEST_FIRST =
      Comparator.comparingDouble((Entry entry) -> -Math.abs(entry.value))
          .thenComparing(Entry::trajectoryId);

  private final int most;
  private final List<Entry> entries = new ArrayList<>();

  Ranking(int most) {
    this.most = most;
  }

  void add(UTF8String id, double value) {
    if (entries.size() < most || Math.abs(value) >= Math.abs(entries.get(most - 1).value)) {
      add(new Entry(id.toString(), value));
    }
  }

  private void add(Entry entry) {
    entries.add(entry);
    entries.sort(LARGEST_FIRST);
    if (entries.size() > most) {
      entries.remove(most);
    }
  }

  void add(Ranking other) {
    other.entries.forEach(this::add);
  }

  /** The largest first. */
  List<Entry> entries() {
    return List.copyOf(entries);
  }
}
