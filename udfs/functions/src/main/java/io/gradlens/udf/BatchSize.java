package io.gradlens.udf;

import io.gradlens.model.NativeBackend;
import io.gradlens.model.ProbedModel;
import io.gradlens.model.graph.LayerInfo;
import io.gradlens.udf.ExplainPlan.InputSize;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkEnv;

/**
 * How many images a forward pass takes: what the user says, else as many as a task's share of the
 * GPU's free memory holds. It is decided once an executor and model, before buffers are made, so
 * that all passes of an executor have one shape.
 */
final class BatchSize {

  /** More images a pass keep a GPU no busier. */
  static final int MOST = 128;

  private static final Map<String, Integer> DECIDED = new ConcurrentHashMap<>();

  private BatchSize() {}

  static int of(ExplainPlan plan, ProbedModel model) {
    if (plan.batchSize() != ExplainOptions.BY_MEMORY) {
      return plan.batchSize();
    }
    return DECIDED.computeIfAbsent(
        plan.model().sha256() + plan.input() + plan.targets().width(),
        key ->
            fitting(
                (long) (NativeBackend.freeGpuBytes() * share()),
                bytesAnImage(model, plan.input(), plan.targets().width())));
  }

  /** What part of a GPU is a task's: 0.25 where four share one. */
  private static double share() {
    SparkEnv spark = SparkEnv.get();
    String amount = "spark.task.resource." + GpuBinding.RESOURCE + ".amount";
    return spark == null ? 1 : Math.min(1, spark.conf().getDouble(amount, 1));
  }

  /**
   * The largest power of two, up to 128, whose images fit; at least 1.
   *
   * @param freeBytes of the GPU; 0 where there is none, which gives the default
   */
  static int fitting(long freeBytes, long bytesAnImage) {
    return freeBytes == 0
        ? ExplainOptions.DEFAULT_BATCH_SIZE
        : Integer.highestOneBit((int) Math.max(1, Math.min(MOST, freeBytes / bytesAnImage)));
  }

  /**
   * What an image takes at most: every layer's output in float32, once for the way forward and once
   * for each target's way back, and as much again for what convolutions need while they run.
   */
  static long bytesAnImage(ProbedModel model, InputSize input, int targets) {
    long numbers = 0;
    for (LayerInfo layer : model.layers()) {
      long output = 1;
      for (int axis = 0; axis < layer.outputShape().size(); axis++) {
        int size = layer.outputShape().get(axis);
        // A free axis is no longer than the input's.
        output *= size > 0 ? size : axis == 0 ? input.height() : input.width();
      }
      numbers += output;
    }
    return 2 * numbers * (1 + targets) * Float.BYTES;
  }
}
