package io.gradlens.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Times computations by what their thread has of the processor: waiting for it does not count. */
final class CpuTime {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** Long beside the clock's resolution. */
  private static final double SAMPLE = 2e-3;

  private CpuTime() {}

  /**
   * The median of repetitions, after as many that only warm up.
   *
   * @param task is run again and again
   * @param seconds to spend, at most, unless one repetition takes longer
   * @return seconds a run
   */
  static double median(Runnable task, double seconds) {
    int runs = 1;
    double warm = 0;
    do {
      double last = seconds(task, runs);
      warm += last;
      runs *= last < SAMPLE ? 2 : 1;
    } while (warm < seconds / 2);
    List<Double> samples = new ArrayList<>();
    for (double spent = 0; spent < seconds / 2; ) {
      double sample = seconds(task, runs);
      spent += sample;
      samples.add(sample / runs);
    }
    Collections.sort(samples);
    return samples.get(samples.size() / 2);
  }

  private static double seconds(Runnable task, int runs) {
    long start = THREADS.getCurrentThreadCpuTime();
    for (int run = 0; run < runs; run++) {
      task.run();
    }
    return (THREADS.getCurrentThreadCpuTime() - start) / 1e9;
  }
}
