package io.gradlens.udf;

import io.gradlens.UserInputException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.resource.ResourceInformation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which GPU an executor's tasks compute on, as Spark's resource scheduling has it. */
final class GpuBinding {

  /** Spark's name of the resource: {@code spark.task.resource.gpu.amount}. */
  static final String RESOURCE = "gpu";

  private static final Logger LOG = LoggerFactory.getLogger(GpuBinding.class);

  /** The devices of a backend, numbered from 0. */
  interface Gpus {
    /** How many there are; 0 where the backend computes on the processor. */
    int count();

    /** Puts native operations of the calling thread on a device, until it is called again. */
    void attach(int device);
  }

  private final Gpus gpus;
  private final boolean isUsable;
  private final AtomicBoolean isTold = new AtomicBoolean();

  private GpuBinding(Gpus gpus, boolean isUsable) {
    this.gpus = gpus;
    this.isUsable = isUsable;
  }

  /**
   * Looks at what an executor was given.
   *
   * @throws UserInputException if it has several GPUs, or one that the backend does not have
   */
  static GpuBinding of(Map<String, ResourceInformation> resources, Gpus gpus) {
    ResourceInformation given = resources.get(RESOURCE);
    int count = gpus.count();
    if (given == null || count == 0) {
      return new GpuBinding(gpus, false);
    }
    String addresses = String.join(",", given.addresses());
    if (given.addresses().length > 1) {
      throw new UserInputException(
          "An executor's tasks share one model and so one GPU, and this executor was given %s: set spark.executor.resource.gpu.amount to 1, and start more executors."
              .formatted(addresses));
    }
    if (number(addresses) >= count) {
      throw new UserInputException(
          "Spark gave this executor GPU %s, and CUDA shows it %d: the discovery script and CUDA_VISIBLE_DEVICES must speak of the same ones."
              .formatted(addresses, count));
    }
    return new GpuBinding(gpus, true);
  }

  private static int number(String address) {
    if (!address.matches("[0-9]{1,4}")) {
      throw new UserInputException(
          "GPU address '%s' is not CUDA's number of a device; the discovery script must print numbers, as conf/gpu-discovery.sh does."
              .formatted(address));
    }
    return Integer.parseInt(address);
  }

  /**
   * Puts the calling thread on its task's GPU; threads are used by one task after another. Without
   * a GPU, or a backend that could use it, the task computes on the processor, and one line of the
   * executor's log says so.
   *
   * @param given what the task was given; null for no GPU
   */
  void bind(ResourceInformation given) {
    if (isUsable && given != null) {
      gpus.attach(number(given.addresses()[0]));
    } else if (isTold.compareAndSet(false, true)) {
      LOG.warn(
          "Tasks compute on the processor: {}",
          given == null
              ? "Spark gave them no GPU"
              : "Spark gave them GPU %s, and there is none that this build could use"
                  .formatted(String.join(",", given.addresses())));
    }
  }
}
