package io.gradlens.trajectory;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A table of inputs with a {@code trajectory_id}.
 *
 * @param <T> itself
 */
public sealed interface InputTable<T extends InputTable<T>> permits TrajectoryTable, InitialTable {

  /** The ids, one a row of the table. */
  Dataset<Row> ids();

  /** The same with those inputs only for which a condition on {@code trajectory_id} holds. */
  T where(Column condition);

  /** The same with those inputs only that have these ids. */
  T only(Dataset<Row> ids);

  /** The same where inputs with these ids are not computed, only counted. */
  T without(Dataset<Row> ids);

  /** The same over so many tasks, all rows of an id in one. */
  T spread(int tasks);
}
