package io.gradlens.benchmarks;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.collection.JavaConverters;

/**
 * Counts the images of tasks that ended; Spark makes it where {@code spark.extraListeners} says.
 */
public final class ImagesSoFar extends SparkListener {

  private static final AtomicLong IMAGES = new AtomicLong();

  /** In this process, so far. */
  static long now() {
    return IMAGES.get();
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd task) {
    JavaConverters.seqAsJavaList(task.taskInfo().accumulables().toSeq()).stream()
        .filter(each -> each.name().contains("images"))
        .forEach(each -> IMAGES.addAndGet((Long) each.update().get()));
  }
}
