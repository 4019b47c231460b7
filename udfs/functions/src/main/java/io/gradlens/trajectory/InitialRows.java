package io.gradlens.trajectory;

import java.util.Iterator;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Trajectories to be solved, from rows {@code trajectory_id, y0, done}; all have the same times.
 */
record InitialRows(Iterator<InternalRow> rows, int dim, double[] ts)
    implements Iterator<Trajectory> {

  @Override
  public boolean hasNext() {
    return rows.hasNext();
  }

  @Override
  public Trajectory next() {
    InternalRow row = rows.next();
    var y0 = row.isNullAt(1) ? null : row.getArray(1);
    return Initial.start(row.getUTF8String(0).clone(), ts, null, dim, true, y0, row.getBoolean(2));
  }
}
