package io.gradlens.trajectory;

import java.util.Iterator;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.unsafe.types.UTF8String;

/** Trajectories from rows {@code trajectory_id, t, y, y0, done}: one row each. */
final class NestedRows implements Iterator<Trajectory> {

  private final Iterator<InternalRow> rows;
  private final int dim;
  private final boolean hasInitial;

  /**
   * @param hasInitial whether y0 counts, and not the first of the states
   */
  NestedRows(Iterator<InternalRow> rows, int dim, boolean hasInitial) {
    this.rows = rows;
    this.dim = dim;
    this.hasInitial = hasInitial;
  }

  @Override
  public boolean hasNext() {
    return rows.hasNext();
  }

  @Override
  public Trajectory next() {
    InternalRow row = rows.next();
    UTF8String id = row.getUTF8String(0).clone();
    double[] ts = Doubles.of(row.isNullAt(1) ? null : row.getArray(1));
    ArrayData states = row.isNullAt(2) ? null : row.getArray(2);
    boolean isDone = row.getBoolean(4);
    int count = states == null ? 0 : states.numElements();
    double[] ys = new double[count * dim];
    for (int i = 0; i < count; i++) {
      double[] state = Doubles.of(states.isNullAt(i) ? null : states.getArray(i));
      if (state.length != dim) {
        return Trajectory.flawed(
            id,
            ts,
            ys,
            Flaw.BAD_DIMENSION,
            "Point %d has %d components, the field takes %d.".formatted(i + 1, state.length, dim),
            isDone);
      }
      System.arraycopy(state, 0, ys, i * dim, dim);
    }
    if (count != ts.length) {
      return Trajectory.flawed(
          id,
          ts,
          ys,
          Flaw.BAD_DIMENSION,
          "It has %d times and %d states.".formatted(ts.length, count),
          isDone);
    }
    return Initial.start(
        id, ts, ys, dim, hasInitial, row.isNullAt(3) ? null : row.getArray(3), isDone);
  }
}
