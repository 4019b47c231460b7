package io.gradlens.train;

import io.gradlens.random.CounterRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Puts trajectories in order and into blocks, in the memory of one process. */
public final class TrajectoryBlocks {

  private TrajectoryBlocks() {}

  /**
   * Blocks of trajectories by order of id.
   *
   * @param size trajectories in a block; the last one may have fewer
   * @throws IllegalArgumentException if two have the same id
   */
  public static List<TrajectoryBlock> of(
      List<ObservedTrajectory> trajectories, int size, Windowing windowing) {
    List<ObservedTrajectory> sorted = new ArrayList<>(trajectories);
    sorted.sort(Comparator.comparing(ObservedTrajectory::id));
    for (int i = 1; i < sorted.size(); i++) {
      if (sorted.get(i).id().equals(sorted.get(i - 1).id())) {
        throw new IllegalArgumentException(
            "Two trajectories have the id '%s': ids must differ.".formatted(sorted.get(i).id()));
      }
    }
    List<TrajectoryBlock> blocks = new ArrayList<>();
    long windows = 0;
    for (int from = 0; from < sorted.size(); from += size) {
      TrajectoryBlock block =
          new TrajectoryBlock(
              blocks.size(), windows, sorted.subList(from, Math.min(sorted.size(), from + size)));
      windows += block.windows(windowing);
      blocks.add(block);
    }
    return blocks;
  }

  /**
   * Whether a trajectory is held out for validation: by a hash of its id, so that it stays held out
   * whatever else there is.
   *
   * @param fraction of all, 0 to 1
   */
  public static boolean isHeldOut(String id, double fraction, long seed) {
    return CounterRandom.uniform(CounterRandom.bits(seed, CounterRandom.key(id))) < fraction;
  }
}
