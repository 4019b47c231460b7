package io.gradlens.metrics;

import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Shows the meters of every JVM of an application to Spark's metrics sinks, as {@code
 * plugin.io.gradlens.metrics.WorkMetrics.images} and so on: a plugin of Spark's, which {@code
 * spark.plugins} names.
 */
public final class WorkMetrics implements SparkPlugin {

  @Override
  public DriverPlugin driverPlugin() {
    return new DriverPlugin() {
      @Override
      public Map<String, String> init(SparkContext spark, PluginContext context) {
        return Map.of();
      }

      @Override
      public void registerMetrics(String application, PluginContext context) {
        WorkMeter.registerAll(context.metricRegistry());
      }
    };
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorPlugin() {
      @Override
      public void init(PluginContext context, Map<String, String> fromDriver) {
        // In local mode the driver is the executor, and has registered them.
        if (!context.executorID().equals("driver")) {
          WorkMeter.registerAll(context.metricRegistry());
        }
      }
    };
  }
}
