package io.gradlens.jobs;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Shows others that this run lives, and guards its record against two writers at once. */
final class Heartbeat implements AutoCloseable {

  private static final long SECONDS = 10;

  private final RunFolder folder;
  private final RunRecord record;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "gradlens-heartbeat");
            thread.setDaemon(true);
            return thread;
          });

  Heartbeat(RunFolder folder, RunRecord record) {
    this.folder = folder;
    this.record = record;
    update(r -> {});
    timer.scheduleAtFixedRate(this::beat, SECONDS, SECONDS, TimeUnit.SECONDS);
  }

  /** Changes the record and writes it. */
  synchronized void update(Consumer<RunRecord> change) {
    change.accept(record);
    folder.write(record);
  }

  private void beat() {
    try {
      update(r -> {});
    } catch (RuntimeException e) {
      // A beat may be lost; who has lost the folder learns it before the next shard is written.
      System.err.println("gradlens: cannot write run.json: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
