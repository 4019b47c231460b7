package io.gradlens.udf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HeapTurnsTest {

  private static final int HEAP = 10;

  private final Semaphore heap = new Semaphore(HEAP);
  private final AtomicInteger runs = new AtomicInteger();

  /** Work that takes a part of the heap for a moment, or runs out of it. */
  private int allocate(int part) {
    runs.incrementAndGet();
    if (!heap.tryAcquire(part)) {
      throw new OutOfMemoryError("Java heap space");
    }
    try {
      TimeUnit.MILLISECONDS.sleep(2);
      return part;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      heap.release(part);
    }
  }

  @Test
  void workThatFitsAloneSucceedsBesideOthers() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Integer>> work = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        int part = i % 4 == 0 ? HEAP : 1 + i % 4;
        work.add(() -> HeapTurns.take(new byte[0], () -> allocate(part)));
      }
      int sum = 0;
      for (Future<Integer> done : threads.invokeAll(work)) {
        sum += done.get();
      }
      assertThat(sum).isEqualTo(25 * (HEAP + 2 + 3 + 4));
      assertThat(runs.get()).as("else nothing ran out of heap").isGreaterThan(100);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void workThatDoesNotFitAloneFailsTheImage() throws Exception {
    byte[] file = {1, 2, 3};

    assertThatThrownBy(() -> HeapTurns.take(file, () -> allocate(HEAP + 1)))
        .isInstanceOfSatisfying(
            ImageFailure.class,
            failure -> {
              assertThat(failure.stage()).isEqualTo("decode");
              assertThat(failure.sha256()).isEqualTo(Digests.sha256(file));
              assertThat(failure.errorClass()).isEqualTo("java.lang.OutOfMemoryError");
            })
        .hasMessageContaining("Java heap space");
    assertThatThrownBy(() -> HeapTurns.take(null, () -> allocate(HEAP + 1)))
        .isInstanceOfSatisfying(
            ImageFailure.class, failure -> assertThat(failure.stage()).isEqualTo("read"));
    assertThat(runs.get()).isEqualTo(4);
    assertThat(HeapTurns.take(file, () -> allocate(HEAP))).as("no lock is left").isEqualTo(HEAP);
  }
}
