package io.gradlens.trajectory;

import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;

/** What is done with trajectories, some at a time; it belongs to one task. */
interface Computation {

  /** How many trajectories it takes at a time. */
  int atATime();

  /** A row for every one of these trajectories, which have no flaw, in their order. */
  Computed[] rows(List<Trajectory> sound);

  /** The row of a trajectory that has one. */
  InternalRow flawed(Trajectory trajectory);

  /**
   * A row.
   *
   * @param isOk whether the trajectory was solved as intended
   */
  record Computed(InternalRow row, boolean isOk) {}
}
