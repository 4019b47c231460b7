package io.gradlens.jobs;

import java.util.SortedSet;

/** A job failed whose tasks had died with their executors. */
final class LostTasksException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient SortedSet<Integer> partitions;
  private final int kills;
  private final String reason;

  /**
   * @param partitions of the rows to be kept, those that died most often
   * @param kills how often the task did that died most often; 0 where executors were only taken
   *     away
   * @param reason what the cluster says of the last one, or empty
   */
  LostTasksException(SortedSet<Integer> partitions, int kills, String reason, Throwable cause) {
    super(
        "Executors were lost, a task died with them %d times%s"
            .formatted(kills, reason.isEmpty() ? "" : ": " + reason),
        cause);
    this.partitions = partitions;
    this.kills = kills;
    this.reason = reason;
  }

  SortedSet<Integer> partitions() {
    return partitions;
  }

  int kills() {
    return kills;
  }

  String reason() {
    return reason;
  }
}
