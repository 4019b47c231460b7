package io.gradlens.udf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradlens.UserInputException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.apache.spark.resource.ResourceInformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GpuBindingTest {

  /** Remembers which thread is on which device. */
  private static final class Recorded implements GpuBinding.Gpus {
    private final int count;
    private final Map<String, Integer> byThread = new ConcurrentHashMap<>();

    Recorded(int count) {
      this.count = count;
    }

    @Override
    public int count() {
      return count;
    }

    @Override
    public void attach(int device) {
      byThread.put(Thread.currentThread().getName(), device);
    }
  }

  private static ResourceInformation gpu(String... addresses) {
    return new ResourceInformation(GpuBinding.RESOURCE, addresses);
  }

  private static GpuBinding binding(Recorded gpus, String... addresses) {
    return GpuBinding.of(Map.of(GpuBinding.RESOURCE, gpu(addresses)), gpus);
  }

  @Test
  void threadIsOnTheGpuOfItsTaskAndNoOther() throws Exception {
    Recorded gpus = new Recorded(4);
    GpuBinding binding = binding(gpus, "2");

    var threads = Executors.newSingleThreadExecutor(task -> new Thread(task, "task"));
    try {
      threads.submit(() -> binding.bind(gpu("2"))).get();
    } finally {
      threads.shutdownNow();
    }

    assertThat(gpus.byThread).containsExactly(Map.entry("task", 2));
  }

  @Test
  void tasksComputeOnTheProcessorWhereTheBuildHasNoGpu() {
    Recorded gpus = new Recorded(0);

    binding(gpus, "0").bind(gpu("0"));

    assertThat(gpus.byThread).isEmpty();
  }

  @Test
  void tasksComputeOnTheProcessorWhereSparkGivesNoGpu() {
    Recorded gpus = new Recorded(1);

    GpuBinding.of(Map.of(), gpus).bind(null);

    assertThat(gpus.byThread).isEmpty();
  }

  @Test
  void severalGpusOfAnExecutorAreRefused() {
    assertThatThrownBy(() -> binding(new Recorded(2), "0", "1"))
        .isInstanceOf(UserInputException.class)
        .hasMessageContaining("0,1")
        .hasMessageContaining("spark.executor.resource.gpu.amount");
  }

  @Test
  void gpuThatCudaDoesNotShowIsRefused() {
    assertThatThrownBy(() -> binding(new Recorded(2), "2"))
        .isInstanceOf(UserInputException.class)
        .hasMessageContaining("GPU 2, and CUDA shows it 2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GPU-8f2c", "", "-1"})
  void addressThatIsNoNumberIsRefused(String address) {
    assertThatThrownBy(() -> binding(new Recorded(1), address))
        .isInstanceOf(UserInputException.class)
        .hasMessageContaining("'" + address + "'");
  }
}
