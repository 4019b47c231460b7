package io.gradlens.udf;

import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Puts every task's thread on the GPU that Spark's scheduler gave the task: {@code spark.plugins
 * io.gradlens.udf.TaskGpus}, as {@code conf/gpu.conf} has it. A plugin reaches the tasks of all
 * commands, those that DL4J's training masters start as well.
 */
public final class TaskGpus implements SparkPlugin {

  /** Nothing to do in the driver. */
  @Override
  public DriverPlugin driverPlugin() {
    return null;
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorPlugin() {
      private GpuBinding binding;

      @Override
      public void init(PluginContext context, Map<String, String> extra) {
        binding = GpuBinding.of(context.resources(), new Nd4jGpus());
      }

      @Override
      public void onTaskStart() {
        binding.bind(TaskContext.get().resourcesJMap().get(GpuBinding.RESOURCE));
      }
    };
  }
}
