package io.gradlens.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.nd4j.nativeblas.NativeOpsHolder;

/** Writes down, inside a task that has run, what its JVM was started with. */
public final class SettingsProbe implements SparkPlugin {

  /** The setting that names the file to write. */
  static final String FILE = "spark.gradlens.probe";

  @Override
  public DriverPlugin driverPlugin() {
    return null;
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new ExecutorPlugin() {
      private Path file;

      @Override
      public void init(PluginContext context, Map<String, String> extra) {
        file = Path.of(context.conf().get(FILE));
      }

      @Override
      public void onTaskSucceeded() {
        write(file);
      }
    };
  }

  private static void write(Path file) {
    List<String> lines =
        List.of(
            "arguments " + ManagementFactory.getRuntimeMXBean().getInputArguments(),
            "OMP_NUM_THREADS " + System.getenv("OMP_NUM_THREADS"),
            "MALLOC_ARENA_MAX " + System.getenv("MALLOC_ARENA_MAX"),
            "vector " + ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent(),
            "maxbytes " + System.getProperty("org.bytedeco.javacpp.maxbytes"),
            "maxphysicalbytes " + System.getProperty("org.bytedeco.javacpp.maxphysicalbytes"),
            "native threads "
                + NativeOpsHolder.getInstance().getDeviceNativeOps().ompGetMaxThreads());
    try {
      Files.write(file, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
