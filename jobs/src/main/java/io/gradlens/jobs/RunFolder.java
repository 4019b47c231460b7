package io.gradlens.jobs;

import io.gradlens.UserInputException;
import io.gradlens.jobs.RunRecord.Status;
import io.gradlens.udf.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A run's output folder: who may write to it, and what {@code run.json} says.
 *
 * <p>A lock file makes owners exclude each other where create-if-absent is atomic (local file
 * systems, HDFS). An owner that is silent for 60 s, or known to be dead, loses it; one that was
 * only slow notices before it writes again.
 */
final class RunFolder implements AutoCloseable {

  static final String RECORD = "run.json";
  private static final String LOCK = ".gradlens.lock";

  private final OutputStore store;
  private final Path path;
  private final String claim;

  private RunFolder(OutputStore store, Path path, String claim) {
    this.store = store;
    this.path = path;
    this.claim = claim;
  }

  /** What run.json in a folder says, if there is one. */
  static Optional<RunRecord> read(Path folder, Configuration hadoop) {
    try {
      return OutputStore.at(folder, hadoop).read(RECORD).map(RunRecord::parse);
    } catch (IOException e) {
      throw new UserInputException(
          "Cannot read %s/%s: %s.".formatted(folder, RECORD, e.getMessage()), e);
    }
  }

  /**
   * Refuses a folder that another process is writing to, or that holds a run of another
   * configuration.
   *
   * @throws UserInputException with the other owner, or the differences
   */
  static void check(
      Path folder, Optional<RunRecord> previous, Settings settings, boolean overwrite) {
    if (previous.isEmpty()) {
      return;
    }
    RunRecord record = previous.get();
    if (record.isAlive()) {
      throw inUse(folder, record.owner);
    }
    List<String> differences = settings.differencesFrom(record.configuration);
    if (!overwrite && !differences.isEmpty()) {
      throw new UserInputException(
          "Output %s holds run %s with another configuration (%s); choose another --output, or --overwrite."
              .formatted(folder, record.runId, String.join("; ", differences)));
    }
  }

  /**
   * Makes this process the folder's owner.
   *
   * @throws UserInputException if the folder is not writable or another process owns it
   */
  static RunFolder claim(Path folder, Configuration hadoop) {
    try {
      OutputStore store = OutputStore.at(folder, hadoop);
      store.createFolder();
      RunFolder mine = new RunFolder(store, folder, Lock.mine().toJson());
      mine.lock();
      return mine;
    } catch (IOException e) {
      throw new UserInputException("Output %s is not writable: %s.".formatted(folder, e), e);
    }
  }

  private void lock() throws IOException {
    if (store.createIfAbsent(LOCK, claim)) {
      return;
    }
    Optional<Lock> held = store.read(LOCK).map(Lock::parse);
    Optional<RunRecord> record = store.read(RECORD).map(RunRecord::parse);
    if (held.isPresent() && held.get().isHeld(record)) {
      throw inUse(path, held.get().owner());
    }
    store.delete(LOCK);
    if (!store.createIfAbsent(LOCK, claim)) {
      throw inUse(path, store.read(LOCK).map(Lock::parse).map(Lock::owner).orElse(null));
    }
  }

  private static UserInputException inUse(Path folder, Owner owner) {
    return new UserInputException(
        "Output %s is being written by another run (%s); wait for it, or choose another --output."
            .formatted(
                folder,
                owner == null
                    ? "owner unknown"
                    : "process %d on %s".formatted(owner.pid(), owner.host())));
  }

  /**
   * The record of a new attempt: the next one of the run that is here, or the first of a new run.
   */
  RunRecord begin(Settings settings) {
    RunRecord record =
        readHere()
            .orElseGet(
                () -> {
                  var fresh = new RunRecord();
                  fresh.runId = UUID.randomUUID().toString();
                  fresh.start = RunRecord.now();
                  return fresh;
                });
    record.attempt++;
    record.status = Status.RUNNING;
    record.end = null;
    record.error = null;
    record.exitStatus = null;
    record.owner = Owner.self();
    record.configuration = settings.values();
    record.configSha256 = settings.sha256();
    return record;
  }

  private Optional<RunRecord> readHere() {
    try {
      return store.read(RECORD).map(RunRecord::parse);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Rewrites run.json with a fresh heartbeat. */
  void write(RunRecord record) {
    record.heartbeat = RunRecord.now();
    replace(RECORD, record.toJson());
  }

  /** Writes a file in whole: readers see the old text or the new. */
  void replace(String name, String text) {
    checkOwnership();
    try {
      store.replace(name, text);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + name, e);
    }
  }

  /**
   * To be called before anything is written.
   *
   * @throws IllegalStateException if another process has taken the folder over
   */
  void checkOwnership() {
    try {
      if (!store.read(LOCK).equals(Optional.of(claim))) {
        throw new IllegalStateException(
            "Output %s was taken over by another run while this one was silent".formatted(path));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Forgets the record of an earlier run. */
  void forget() {
    try {
      store.delete(RECORD);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Gives the folder back. */
  @Override
  public void close() {
    try {
      if (store.read(LOCK).equals(Optional.of(claim))) {
        store.delete(LOCK);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
