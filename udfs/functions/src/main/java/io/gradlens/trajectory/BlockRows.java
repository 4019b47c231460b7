package io.gradlens.trajectory;

import io.gradlens.metrics.WorkMeter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.util.LongAccumulator;

/**
 * Rows of a task's trajectories, in their order: a block of trajectories at a time is in memory.
 * What an earlier attempt has done is only counted.
 */
final class BlockRows implements Iterator<InternalRow> {

  /** As many numbers of states a block may have, 8 MB. */
  private static final int NUMBERS = 1 << 20;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Iterator<Trajectory> trajectories;
  private final Computation computation;
  private final boolean hasInitial;
  private final Tally tally;
  private final LongAccumulator failed;
  private final TrajectoryDigest digest = new TrajectoryDigest();

  private final List<Trajectory> block = new ArrayList<>();
  private final List<Trajectory> sound = new ArrayList<>();
  private InternalRow[] ready = {};
  private int at;

  BlockRows(
      Iterator<Trajectory> trajectories,
      Computation computation,
      boolean hasInitial,
      Tally tally,
      LongAccumulator failed) {
    this.trajectories = trajectories;
    this.computation = computation;
    this.hasInitial = hasInitial;
    this.tally = tally;
    this.failed = failed;
  }

  @Override
  public boolean hasNext() {
    while (at == ready.length && trajectories.hasNext()) {
      read();
      compute();
    }
    return at < ready.length;
  }

  @Override
  public InternalRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready[at++];
  }

  private void read() {
    block.clear();
    sound.clear();
    int numbers = 0;
    while (trajectories.hasNext() && sound.size() < computation.atATime() && numbers < NUMBERS) {
      Trajectory trajectory = trajectories.next();
      tally.saw(digest.of(trajectory, hasInitial));
      if (trajectory.isDone()) {
        tally.skip();
        continue;
      }
      block.add(trajectory);
      if (trajectory.flaw() == null) {
        sound.add(trajectory);
      }
      numbers +=
          trajectory.ts().length * (1 + (trajectory.y0() == null ? 0 : trajectory.y0().length));
    }
  }

  private void compute() {
    long start = THREADS.getCurrentThreadCpuTime();
    Computation.Computed[] computed =
        sound.isEmpty() ? new Computation.Computed[0] : computation.rows(sound);
    tally.computed(THREADS.getCurrentThreadCpuTime() - start);
    ready = new InternalRow[block.size()];
    at = 0;
    int next = 0;
    int failures = 0;
    for (int i = 0; i < ready.length; i++) {
      boolean isOk = false;
      if (block.get(i).flaw() == null) {
        ready[i] = computed[next].row();
        isOk = computed[next++].isOk();
      } else {
        ready[i] = computation.flawed(block.get(i));
      }
      tally.ended(isOk);
      failures += isOk ? 0 : 1;
    }
    failed.add(failures);
    WorkMeter.TRAJECTORIES.mark(ready.length);
    WorkMeter.TRAJECTORIES_FAILED.mark(failures);
  }
}
