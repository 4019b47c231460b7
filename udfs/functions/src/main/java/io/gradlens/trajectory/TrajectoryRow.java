package io.gradlens.trajectory;

import io.gradlens.ode.SolveStatus;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/** The columns that all tables of trajectories begin with: run, id, status, message. */
final class TrajectoryRow {

  private static final UTF8String[] STATUS = new UTF8String[SolveStatus.values().length];
  private static final UTF8String[] ADVICE = new UTF8String[SolveStatus.values().length];

  static {
    for (SolveStatus status : SolveStatus.values()) {
      STATUS[status.ordinal()] = UTF8String.fromString(status.name());
      ADVICE[status.ordinal()] = UTF8String.fromString(status.advice());
    }
  }

  private final UTF8String runId;
  private final int columns;

  TrajectoryRow(String runId, int columns) {
    this.runId = UTF8String.fromString(runId);
    this.columns = columns;
  }

  /** Of a trajectory that was solved, or on which the solver gave up. */
  Object[] values(Trajectory trajectory, SolveStatus status) {
    Object[] values = new Object[columns];
    values[0] = runId;
    values[1] = trajectory.id();
    values[2] = STATUS[status.ordinal()];
    values[3] = status == SolveStatus.SUCCESS ? null : ADVICE[status.ordinal()];
    return values;
  }

  /** Of a trajectory that could not be solved. */
  InternalRow of(Trajectory trajectory) {
    Object[] values = new Object[columns];
    values[0] = runId;
    values[1] = trajectory.id();
    values[2] = UTF8String.fromString(trajectory.flaw().name());
    values[3] = UTF8String.fromString(trajectory.reason());
    return row(values);
  }

  static InternalRow row(Object[] values) {
    return new GenericInternalRow(values);
  }
}
