package io.gradlens.metrics;

import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import java.util.Locale;

/**
 * What this JVM has done so far, and how much of it a second: one meter for every kind of work,
 * which all tasks of the JVM share. Work that Spark repeats counts again.
 */
public enum WorkMeter {
  /** Images that were explained, decoded for training or packed, those that failed among them. */
  IMAGES,
  /** Those of them that failed. */
  IMAGES_FAILED,
  /** Images that a network has learned from, once for every epoch; counted in the driver. */
  IMAGES_LEARNED,
  /** Trajectories that have a row, whatever its status. */
  TRAJECTORIES,
  /** Those of them that were not solved as intended. */
  TRAJECTORIES_FAILED,
  /** Windows of trajectories that a field has learned from, once an iteration; in the driver. */
  WINDOWS_LEARNED;

  private final Meter meter = new Meter();

  /** One more. */
  public void mark() {
    meter.mark();
  }

  /** So many more. */
  public void mark(long count) {
    meter.mark(count);
  }

  /** Gives a registry all meters, by their names in lower case. */
  static void registerAll(MetricRegistry registry) {
    for (WorkMeter each : values()) {
      registry.register(each.name().toLowerCase(Locale.ROOT), each.meter);
    }
  }
}
