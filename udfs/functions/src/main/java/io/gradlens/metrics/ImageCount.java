package io.gradlens.metrics;

import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * Counts images as tasks are done with them: in the accumulators {@code images} and {@code failed},
 * which Spark's UI and event log show by name, and in the meters of the task's JVM. The
 * accumulators get what a task has counted when it ends; work that Spark repeats counts again.
 */
public final class ImageCount implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The accumulator of inputs that failed, whatever they are. */
  public static final String FAILED = "failed";

  private final LongAccumulator images;
  private final LongAccumulator failed;

  public ImageCount(SparkContext spark) {
    images = spark.longAccumulator("images");
    failed = spark.longAccumulator(FAILED);
  }

  /** An image is done; in a task. */
  public void succeeded() {
    ended();
  }

  /** An image is done and came to nothing; in a task. */
  public void failed() {
    ended();
    failed.add(1);
    WorkMeter.IMAGES_FAILED.mark();
  }

  private void ended() {
    images.add(1);
    WorkMeter.IMAGES.mark();
  }

  /** Images so far, those that failed among them; in the driver. */
  public long value() {
    return images.value();
  }

  /** Begins from nothing; in the driver. */
  public void reset() {
    images.reset();
    failed.reset();
  }
}
