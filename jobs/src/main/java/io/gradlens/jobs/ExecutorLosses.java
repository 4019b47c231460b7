package io.gradlens.jobs;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.JobSucceeded$;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.StageInfo;

/**
 * Watches which tasks die with their executors. A task that did so twice is given up: Spark would
 * lose more executors to it before it fails the job, and could not say what to do about it.
 *
 * <p>Executors that were taken away, with their machine or by the cluster, do not count against a
 * task.
 */
final class ExecutorLosses extends SparkListener {

  /** Once may be chance. */
  static final int GIVEN_UP_AFTER = 2;

  /** How often what has nothing to do with its tasks' inputs is tried. */
  static final int TRIES = 3;

  private static final String WATCH = "gradlens.watch";

  /** A job's end reaches listeners after it reaches the thread that waits for the job. */
  private static final long SECONDS_FOR_NEWS = 10;

  private final SparkContext context;
  private final Map<String, Watch> watches = new ConcurrentHashMap<>();
  private final Map<Integer, Watch> byJob = new ConcurrentHashMap<>();
  private final Map<Integer, Watch> byStage = new ConcurrentHashMap<>();

  private ExecutorLosses(SparkContext context) {
    this.context = context;
  }

  static ExecutorLosses in(SparkContext context) {
    var losses = new ExecutorLosses(context);
    context.addSparkListener(losses);
    return losses;
  }

  /**
   * Does work that runs jobs.
   *
   * @throws LostTasksException if one of its jobs failed and had lost executors; what else it
   *     throws is passed on
   */
  <T> T watch(Supplier<T> work) {
    if (context.isLocal()) {
      return work.get();
    }
    var watch = new Watch();
    String token = UUID.randomUUID().toString();
    watches.put(token, watch);
    context.setLocalProperty(WATCH, token);
    try {
      return work.get();
    } catch (Exception e) {
      if (watch.failedWithLosses()) {
        throw watch.lost(e);
      }
      throw e;
    } finally {
      context.setLocalProperty(WATCH, null);
      watches.remove(token);
      byJob.values().removeIf(other -> other == watch);
      byStage.values().removeIf(other -> other == watch);
    }
  }

  /**
   * Does work again whose jobs failed and had lost executors, {@value #TRIES} times at most. The
   * work may do nothing that stays before all of its jobs have succeeded.
   */
  void insist(Runnable work) {
    for (int tries = 1; ; tries++) {
      try {
        watch(
            () -> {
              work.run();
              return null;
            });
        return;
      } catch (LostTasksException lost) {
        if (tries == TRIES) {
          throw lost;
        }
      }
    }
  }

  private Watch watchOf(Properties properties) {
    String token = properties == null ? null : properties.getProperty(WATCH);
    return token == null ? null : watches.get(token);
  }

  @Override
  public void onJobStart(SparkListenerJobStart job) {
    Watch watch = watchOf(job.properties());
    if (watch != null) {
      byJob.put(job.jobId(), watch);
    }
  }

  @Override
  public void onStageSubmitted(SparkListenerStageSubmitted stage) {
    Watch watch = watchOf(stage.properties());
    if (watch != null) {
      byStage.put(stage.stageInfo().stageId(), watch);
      watch.add(stage.stageInfo());
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd task) {
    Watch watch = byStage.get(task.stageId());
    if (watch != null && task.reason() instanceof ExecutorLostFailure loss) {
      int kills = watch.add(task.stageId(), task.taskInfo().partitionId(), loss);
      if (kills >= GIVEN_UP_AFTER) {
        context.cancelStage(
            task.stageId(), "A task died with its executor %d times".formatted(kills));
      }
    }
  }

  @Override
  public void onJobEnd(SparkListenerJobEnd job) {
    Watch watch = byJob.remove(job.jobId());
    if (watch != null && job.jobResult() != JobSucceeded$.MODULE$) {
      watch.jobFailed();
    }
  }

  private record Task(int stage, int partition) {}

  /** What the jobs of one piece of work have lost. */
  private static final class Watch {
    private final Map<Task, Integer> kills = new HashMap<>();
    private final Set<Integer> keptStages = new HashSet<>();
    private boolean anyLost;
    private boolean jobFailed;
    private String reason = "";

    /** Stages whose rows are to be kept are those that compute what was persisted. */
    synchronized void add(StageInfo stage) {
      for (int i = 0; i < stage.rddInfos().size(); i++) {
        if (stage.rddInfos().apply(i).storageLevel().isValid()) {
          keptStages.add(stage.stageId());
        }
      }
    }

    synchronized int add(int stage, int partition, ExecutorLostFailure loss) {
      anyLost = true;
      if (loss.reason().isDefined()) {
        reason = loss.reason().get().lines().findFirst().orElse("");
      }
      return loss.exitCausedByApp() ? kills.merge(new Task(stage, partition), 1, Integer::sum) : 0;
    }

    synchronized void jobFailed() {
      jobFailed = true;
      notifyAll();
    }

    synchronized boolean failedWithLosses() {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_FOR_NEWS);
      try {
        for (long left = SECONDS_FOR_NEWS * 1000; !jobFailed && left > 0; ) {
          wait(left);
          left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return jobFailed && anyLost;
    }

    synchronized LostTasksException lost(Throwable cause) {
      int most = kills.values().stream().mapToInt(k -> k).max().orElse(0);
      var partitions = new TreeSet<Integer>();
      kills.forEach(
          (task, count) -> {
            if (count == most && keptStages.contains(task.stage())) {
              partitions.add(task.partition());
            }
          });
      return new LostTasksException(partitions, most, reason, cause);
    }
  }
}
