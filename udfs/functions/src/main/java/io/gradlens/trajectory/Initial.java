package io.gradlens.trajectory;

import java.util.Arrays;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.unsafe.types.UTF8String;

/** Where a trajectory starts: at its first state, or where a table of initial states says. */
final class Initial {

  private Initial() {}

  /**
   * @param given the table's initial state; null where it has none
   */
  static Trajectory start(
      UTF8String id,
      double[] ts,
      double[] ys,
      int dim,
      boolean hasInitial,
      ArrayData given,
      boolean isDone) {
    if (!hasInitial) {
      double[] first = ys.length == 0 ? ys : Arrays.copyOf(ys, dim);
      return Trajectory.checked(id, ts, ys, first, isDone);
    }
    if (given == null) {
      return Trajectory.flawed(
          id,
          ts,
          ys,
          Flaw.BAD_INITIAL,
          "The table of initial states has none for it: add one, or leave the trajectory out.",
          isDone);
    }
    double[] y0 = Doubles.of(given);
    if (y0.length != dim) {
      return Trajectory.flawed(
          id,
          ts,
          ys,
          Flaw.BAD_DIMENSION,
          "Its initial state has %d components, the field takes %d.".formatted(y0.length, dim),
          isDone);
    }
    return Trajectory.checked(id, ts, ys, y0, isDone);
  }
}
