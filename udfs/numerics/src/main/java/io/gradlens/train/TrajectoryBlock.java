package io.gradlens.train;

import java.io.Serializable;
import java.util.List;

/**
 * Neighbouring trajectories in the order of ids: the unit of computation, sampling and summation.
 * Blocks are made once, so what a block gives does not depend on who computes it and what else he
 * computes.
 *
 * @param number from 0
 * @param firstWindow the number of its first window
 */
public record TrajectoryBlock(int number, long firstWindow, List<ObservedTrajectory> trajectories)
    implements Serializable {

  /** Trajectories in a block unless said otherwise. */
  public static final int SIZE = 64;

  public TrajectoryBlock {
    trajectories = List.copyOf(trajectories);
  }

  /** The same with its windows numbered from another number on. */
  public TrajectoryBlock withFirstWindow(long number) {
    return new TrajectoryBlock(this.number, number, trajectories);
  }

  /** How many windows it has. */
  public long windows(Windowing windowing) {
    return trajectories.stream().mapToLong(windowing::count).sum();
  }
}
