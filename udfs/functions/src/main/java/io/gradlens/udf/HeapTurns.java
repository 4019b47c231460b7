package io.gradlens.udf;

import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Lets tasks of a JVM prepare images side by side, and one that ran out of heap a second time with
 * no other beside it. So a picture that is too large for the heap fails by itself, and none fails
 * because a large one was decoded at the same moment. Uncaught, the error would end the executor.
 */
public final class HeapTurns {

  private static final ReadWriteLock TURNS = new ReentrantReadWriteLock(true);

  /** What may run out of heap; it must do no harm to do it twice. */
  @FunctionalInterface
  public interface Work<T> {
    T run() throws ImageFailure;
  }

  private HeapTurns() {}

  /**
   * @param file the image's bytes, or null where the work is to read them
   * @throws ImageFailure the work's own, or stage {@code read} or {@code decode} if the heap is too
   *     small
   */
  public static <T> T take(byte[] file, Work<T> work) throws ImageFailure {
    TURNS.readLock().lock();
    try {
      return work.run();
    } catch (OutOfMemoryError maybeAnothersDoing) {
      // What it had allocated is free once the stack is unwound, below.
    } finally {
      TURNS.readLock().unlock();
    }
    TURNS.writeLock().lock();
    try {
      return work.run();
    } catch (OutOfMemoryError tooLarge) {
      throw new ImageFailure(
          file == null ? "read" : "decode",
          file == null ? null : Digests.sha256(file),
          tooLarge.getClass().getName(),
          "A heap of %d MB is too small for it (%s); give Spark's processes more memory"
              .formatted(Runtime.getRuntime().maxMemory() >> 20, tooLarge.getMessage()));
    } finally {
      TURNS.writeLock().unlock();
    }
  }
}
