package io.gradlens.jobs;

import io.gradlens.trajectory.InputTable;
import io.gradlens.trajectory.Tally;
import io.gradlens.udf.RunIdentity;
import io.gradlens.udf.Settings;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * What a command does with trajectories; {@link TrajectoryJob} does the rest.
 *
 * @param <T> its inputs
 */
interface TrajectoryWork<T extends InputTable<T>> {

  /** The command's name. */
  String command();

  /** What it has done to an input, as "solved", for the progress line. */
  String verb();

  /** The name of its table. */
  String table();

  /** The columns of its table. */
  StructType schema();

  /** Everything that rows depend on, by option name. */
  Settings settings();

  /** A digest of the field. */
  String fieldSha256();

  /** Files in the input's folder that are no input. */
  long ignored();

  /**
   * The inputs.
   *
   * @throws io.gradlens.UserInputException if they cannot be read, have other columns, or two have
   *     one id
   */
  InputShards<T> inputs(SparkSession spark);

  /** A row of the table for every input of a shard. */
  Dataset<Row> results(T inputs, RunIdentity run, Tally tally);

  /** What the summary says of the whole table beside counts, in order. */
  Map<String, Object> summary(Dataset<Row> results, RunRecord record);

  /** What of the summary is printed beside the statuses, in order. */
  Map<String, String> highlights(Map<String, Object> summary);

  /**
   * Whether a threshold is passed.
   *
   * @return what to tell, or null
   */
  String breach(RunRecord record);
}
