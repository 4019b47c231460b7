package io.gradlens.trajectory;

import java.util.Arrays;
import java.util.Iterator;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Trajectories from rows {@code trajectory_id, t, y0, done, not_a_number, y1, …, yd}: a row a
 * point, those of a trajectory together and in their order.
 */
final class LongRows implements Iterator<Trajectory> {

  private static final int FIRST_STATE = 5;

  private final Iterator<InternalRow> rows;
  private final int dim;
  private final boolean hasInitial;

  private double[] ts = new double[16];
  private double[] ys;
  private UTF8String nextId;
  private InternalRow next;

  LongRows(Iterator<InternalRow> rows, int dim, boolean hasInitial) {
    this.rows = rows;
    this.dim = dim;
    this.hasInitial = hasInitial;
    ys = new double[16 * dim];
    advance();
  }

  private void advance() {
    next = rows.hasNext() ? rows.next() : null;
    nextId = next == null ? null : next.getUTF8String(0);
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  @Override
  public Trajectory next() {
    // Rows are overwritten by those that follow.
    UTF8String id = nextId.clone();
    ArrayData given = next.isNullAt(2) ? null : next.getArray(2).copy();
    boolean isDone = next.getBoolean(3);
    String wrong = null;
    int count = 0;
    while (next != null && nextId.equals(id)) {
      if (count == ts.length) {
        ts = Arrays.copyOf(ts, 2 * count);
        ys = Arrays.copyOf(ys, 2 * count * dim);
      }
      ts[count] = number(1);
      for (int d = 0; d < dim; d++) {
        ys[count * dim + d] = number(FIRST_STATE + d);
      }
      if (wrong == null && !next.isNullAt(4)) {
        wrong = next.getUTF8String(4).toString();
      }
      count++;
      advance();
    }
    double[] times = Arrays.copyOf(ts, count);
    double[] states = Arrays.copyOf(ys, count * dim);
    if (wrong != null) {
      return Trajectory.flawed(
          id,
          times,
          states,
          Flaw.NOT_A_NUMBER,
          "The line '%s' has something that is no number: mend it, or leave the cell empty."
              .formatted(wrong),
          isDone);
    }
    return Initial.start(id, times, states, dim, hasInitial, given, isDone);
  }

  private double number(int column) {
    return next.isNullAt(column) ? Double.NaN : next.getDouble(column);
  }
}
