package io.gradlens.udf;

import io.gradlens.model.ProbedModel;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The models that live in this JVM, one for every SHA-256, shared by its tasks: weights are loaded
 * once an executor, not once a task. A model that nobody uses stays for the next task and goes when
 * another is asked for.
 */
public final class ModelCache {

  private static final Map<String, Entry> ENTRIES = new HashMap<>();

  private ModelCache() {}

  /** A model in use; close it and the model may go. */
  public static final class Lease implements AutoCloseable {
    private final Entry entry;
    private boolean open = true;

    private Lease(Entry entry) {
      this.entry = entry;
    }

    public ProbedModel model() {
      return entry.model;
    }

    /** Gives the model back. The second time does nothing. */
    @Override
    public void close() {
      synchronized (ENTRIES) {
        if (open) {
          open = false;
          entry.users--;
        }
      }
    }
  }

  private static final class Entry {
    private ProbedModel model;
    private int users;

    private synchronized void load(Supplier<ProbedModel> loader) {
      if (model == null) {
        model = loader.get();
      }
    }
  }

  /**
   * Takes a model into use, and loads it first where it is not there. Threads that ask for the same
   * one wait for one load.
   *
   * @param sha256 the model's key
   * @param loader called at most once at a time; what it throws is passed on and nothing is kept
   */
  public static Lease acquire(String sha256, Supplier<ProbedModel> loader) {
    Entry entry;
    synchronized (ENTRIES) {
      if (!ENTRIES.containsKey(sha256)) {
        dropIdle();
      }
      entry = ENTRIES.computeIfAbsent(sha256, key -> new Entry());
      entry.users++;
    }
    Lease lease = new Lease(entry);
    try {
      entry.load(loader);
    } catch (RuntimeException | Error e) {
      lease.close();
      throw e;
    }
    return lease;
  }

  private static void dropIdle() {
    ENTRIES
        .values()
        .removeIf(
            entry -> {
              if (entry.users > 0) {
                return false;
              }
              if (entry.model != null) {
                entry.model.close();
              }
              return true;
            });
  }
}
