package io.gradlens.network;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;

/** Waiting with an end, in the driver or in a task. */
final class Patience {

  private Patience() {}

  /**
   * Waits until something is so.
   *
   * @return whether it was so in time
   * @throws TaskKilledException if the task that waits is not wanted any more
   */
  static boolean waitFor(BooleanSupplier condition, Duration atMost) {
    TaskContext task = TaskContext.get();
    long end = System.nanoTime() + atMost.toNanos();
    while (!condition.getAsBoolean()) {
      if (task != null && task.isInterrupted()) {
        throw new TaskKilledException();
      }
      if (System.nanoTime() >= end) {
        return false;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(5);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new TaskKilledException();
      }
    }
    return true;
  }
}
