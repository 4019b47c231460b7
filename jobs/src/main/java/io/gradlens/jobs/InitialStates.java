package io.gradlens.jobs;

import io.gradlens.train.ObservedTrajectory;
import io.gradlens.train.TrajectoryBlock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Initial states that were learned beside a field's parameters. */
final class InitialStates {

  private InitialStates() {}

  /**
   * Cuts them off what was learned.
   *
   * @param learned the field's parameters and then a state a trajectory
   * @param from where states begin
   * @param dim components of a state
   */
  static List<double[]> of(double[] learned, int from, int dim) {
    List<double[]> states = new ArrayList<>();
    for (int at = from; at < learned.length; at += dim) {
      states.add(Arrays.copyOfRange(learned, at, at + dim));
    }
    return states;
  }

  /**
   * A table of them, as other commands read it.
   *
   * @param observed the first so many components, which data has
   */
  static String csv(List<double[]> states, List<TrajectoryBlock> blocks, int observed) {
    StringBuilder csv = new StringBuilder("trajectory_id");
    for (int i = 1; i <= observed; i++) {
      csv.append(",y").append(i);
    }
    int next = 0;
    for (TrajectoryBlock block : blocks) {
      for (ObservedTrajectory trajectory : block.trajectories()) {
        csv.append('\n').append(trajectory.id());
        for (int i = 0; i < observed; i++) {
          csv.append(',').append(states.get(next)[i]);
        }
        next++;
      }
    }
    return csv.append('\n').toString();
  }
}
