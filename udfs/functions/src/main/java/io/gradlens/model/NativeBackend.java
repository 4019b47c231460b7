package io.gradlens.model;

import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * Sets ND4J and DL4J up the way Gradlens runs them: oneDNN convolutions, and one native thread a
 * task, because parallelism comes from Spark's tasks.
 */
public final class NativeBackend {

  /** DL4J reads it whenever it makes a layer; unset, it means that there are no helpers. */
  private static final String HELPERS_DISABLED = "org.eclipse.deeplearning4j.helpers.disable";

  private static final ThreadLocal<Boolean> LIMITED = ThreadLocal.withInitial(() -> false);

  private NativeBackend() {}

  /** Whether this is the build for GPUs. */
  public static boolean isForGpus() {
    return CudaDevices.isBackend();
  }

  /** Which backend runs, for the record of a run: {@code CpuBackend 1.0.0-M2.1}. */
  public static String describe() {
    String version = Nd4j.class.getPackage().getImplementationVersion();
    return Nd4j.getBackend().getClass().getSimpleName() + (version == null ? "" : " " + version);
  }

  /**
   * What computes convolutions and other layers: oneDNN, or ND4J's own kernels where its helpers
   * are off.
   */
  public static String kernels() {
    return Boolean.parseBoolean(System.getProperty(HELPERS_DISABLED, "true")) ? "nd4j" : "onednn";
  }

  /**
   * Turns DL4J's oneDNN helpers on, unless the user has set DL4J's own system property, and gives
   * native operations one thread each. Call it before the first layer is made: a layer made earlier
   * keeps the slow path. Calling it again changes nothing.
   */
  public static void configure() {
    CudaDevices.check();
    if (System.getProperty(HELPERS_DISABLED) == null) {
      System.setProperty(HELPERS_DISABLED, "false");
    }
    Nd4j.getEnvironment().setMaxMasterThreads(1);
    Nd4j.getEnvironment().setMaxThreads(1);
  }

  /** How many GPUs the backend can use; 0 where it computes on the processor. */
  public static int gpus() {
    return CudaDevices.areUsable() && !Nd4j.getEnvironment().isCPU()
        ? Nd4j.getAffinityManager().getNumberOfDevices()
        : 0;
  }

  /** What is free on the calling thread's GPU; 0 where the backend computes on the processor. */
  public static long freeGpuBytes() {
    return gpus() == 0
        ? 0
        : NativeOpsHolder.getInstance().getDeviceNativeOps().getDeviceFreeMemoryDefault();
  }

  /**
   * Puts native operations of the calling thread on a GPU, until it is called again.
   *
   * @param device CUDA's number, less than {@link #gpus()}
   */
  public static void useGpu(int device) {
    Nd4j.getAffinityManager().unsafeSetDevice(device);
  }

  /**
   * Gives native operations of the calling thread one thread each. OpenMP keeps this number thread
   * by thread; without it, or {@code OMP_NUM_THREADS=1}, every task would use all cores.
   */
  public static void useOneThread() {
    if (!LIMITED.get()) {
      NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1);
      LIMITED.set(true);
    }
  }
}
