package io.gradlens.udf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradlens.model.ProbedModel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ModelCacheTest {

  private final String key = UUID.randomUUID().toString();

  @Test
  void tasksShareOneModelThatIsLoadedOnce() throws Exception {
    AtomicInteger loads = new AtomicInteger();
    Callable<ProbedModel> task =
        () -> {
          try (var lease =
              ModelCache.acquire(
                  key,
                  () -> {
                    loads.incrementAndGet();
                    return new PatchModel();
                  })) {
            return lease.model();
          }
        };
    var pool = Executors.newFixedThreadPool(8);
    List<Future<ProbedModel>> models = pool.invokeAll(Collections.nCopies(64, task));
    pool.shutdown();

    List<ProbedModel> seen = new ArrayList<>();
    for (var model : models) {
      seen.add(model.get());
    }
    assertThat(seen).doesNotContainNull();
    assertThat(Set.copyOf(seen)).hasSize(1);
    assertThat(loads).hasValue(1);
  }

  @Test
  void idleModelGoesWhenAnotherComesAndABusyOneStays() {
    AtomicInteger closed = new AtomicInteger();
    ModelCache.Lease busy = ModelCache.acquire(key, () -> new PatchModel(closed::incrementAndGet));
    ModelCache.acquire(key + "2", PatchModel::new).close();
    assertThat(closed).hasValue(0);

    busy.close();
    busy.close();
    ModelCache.acquire(key + "3", PatchModel::new).close();
    assertThat(closed).hasValue(1);
  }

  @Test
  void failedLoadIsTriedAgain() {
    assertThatThrownBy(
            () ->
                ModelCache.acquire(
                    key,
                    () -> {
                      throw new IllegalStateException("no");
                    }))
        .hasMessage("no");

    try (var lease = ModelCache.acquire(key, PatchModel::new)) {
      assertThat(lease.model()).isInstanceOf(PatchModel.class);
    }
  }
}
