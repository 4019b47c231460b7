package io.gradlens.trajectory;

import static io.gradlens.trajectory.TrajectorySchemas.T;
import static io.gradlens.trajectory.TrajectorySchemas.TRAJECTORY_ID;
import static io.gradlens.trajectory.TrajectorySchemas.Y;
import static io.gradlens.trajectory.TrajectorySchemas.Y0;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.gradlens.UserInputException;
import io.gradlens.metrics.ImageCount;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;

/**
 * A table of trajectories, in one of two layouts.
 *
 * <ul>
 *   <li>nested: {@code trajectory_id string, t array<double>, y array<array<double>>}, a row a
 *       trajectory;
 *   <li>long: {@code trajectory_id, t, y1, …, yd}, a row a point. The rows of a trajectory keep the
 *       order that they have in the files.
 * </ul>
 *
 * <p>Lengths and times may differ. A number that is NaN or null was not observed.
 */
public final class TrajectoryTable implements InputTable<TrajectoryTable> {

  /** Where the reader of a CSV file puts lines with something that is no number. */
  public static final String NOT_A_NUMBER = "not_a_number";

  /** Where a row stood; Spark's readers have it, hidden. */
  public static final String METADATA = "_metadata";

  /** Inputs may have nulls. */
  static final String NUMBERS = "array<double>";

  private static final String DONE = "done";
  private static final String FILE = "file";
  private static final String BLOCK = "block";
  private static final String ORDER = "order";

  /** Makes what a task computes with. */
  interface ComputationFactory extends Supplier<Computation>, Serializable {}

  /** Makes trajectories of rows. */
  interface Reader extends Serializable {
    Iterator<Trajectory> of(Iterator<InternalRow> rows);
  }

  /** Makes something of a task's trajectories. */
  interface Mapping<T> extends Serializable {
    Iterator<T> of(Iterator<Trajectory> trajectories);
  }

  /** Rows, and what makes trajectories of them. */
  private record Source(Dataset<Row> rows, Reader reader) {}

  private final Dataset<Row> rows;
  private final boolean isLong;
  private final int dim;
  private final boolean hasInitial;

  private TrajectoryTable(Dataset<Row> rows, boolean isLong, int dim, boolean hasInitial) {
    this.rows = rows;
    this.isLong = isLong;
    this.dim = dim;
    this.hasInitial = hasInitial;
  }

  /**
   * Takes a table.
   *
   * @param location where it is from, for messages
   * @param dim how many components a state has to have
   * @throws UserInputException if it has neither layout, with the columns that it has
   */
  public static TrajectoryTable of(Dataset<Row> table, String location, int dim) {
    if (Columns.isNested(table.schema())) {
      Dataset<Row> rows =
          table.select(
              id(),
              col(T).cast(NUMBERS).as(T),
              col(Y).cast("array<array<double>>").as(Y),
              noInitial(),
              lit(false).as(DONE));
      return new TrajectoryTable(rows, false, dim, false);
    }
    if (!Columns.isLong(table.schema(), dim)) {
      throw new UserInputException(
          "%s is no table of trajectories: its columns are %s; expected are trajectory_id, t array<double>, y array<array<double>>, or %s."
              .formatted(location, Columns.describe(table.schema()), Columns.describeLong(dim)));
    }
    List<Column> columns = new ArrayList<>(List.of(id(), col(T).cast("double").as(T)));
    columns.addAll(List.of(noInitial(), lit(false).as(DONE), notANumber(table)));
    Columns.states(dim).forEach(name -> columns.add(col(name).cast("double").as(name)));
    return new TrajectoryTable(ordered(table, columns), true, dim, false);
  }

  /** With columns that tell which row stood before which; data that is in no file has its own. */
  private static Dataset<Row> ordered(Dataset<Row> table, List<Column> columns) {
    List<Column> all = new ArrayList<>(columns);
    all.add(functions.monotonically_increasing_id().as(ORDER));
    List<Column> inFiles = new ArrayList<>(all);
    inFiles.add(col(METADATA + ".file_path").as(FILE));
    inFiles.add(col(METADATA + ".file_block_start").as(BLOCK));
    try {
      return table.select(inFiles.toArray(Column[]::new));
    } catch (Exception e) {
      if (!(e instanceof AnalysisException)) {
        throw e;
      }
      all.add(lit("").as(FILE));
      all.add(lit(0L).as(BLOCK));
      return table.select(all.toArray(Column[]::new));
    }
  }

  /** Ids are text; a missing one is empty. */
  static Column id() {
    return coalesce(col(TRAJECTORY_ID).cast("string"), lit("")).as(TRAJECTORY_ID);
  }

  private static Column noInitial() {
    return lit(null).cast(NUMBERS).as(Y0);
  }

  private static Column notANumber(Dataset<Row> table) {
    boolean has = Arrays.asList(table.columns()).contains(NOT_A_NUMBER);
    return (has ? col(NOT_A_NUMBER) : lit(null)).cast("string").as(NOT_A_NUMBER);
  }

  /** Whether it has a row a point. */
  public boolean isLong() {
    return isLong;
  }

  @Override
  public Dataset<Row> ids() {
    return rows.select(TRAJECTORY_ID);
  }

  @Override
  public TrajectoryTable where(Column condition) {
    return new TrajectoryTable(rows.where(condition), isLong, dim, hasInitial);
  }

  @Override
  public TrajectoryTable only(Dataset<Row> ids) {
    return new TrajectoryTable(
        rows.join(ids, new String[] {TRAJECTORY_ID}, "left_semi"), isLong, dim, hasInitial);
  }

  /** The same with initial states of their own; who has none there cannot be solved. */
  public TrajectoryTable startingAt(InitialTable initial) {
    Dataset<Row> joined =
        rows.drop(Y0).join(initial.states(), new String[] {TRAJECTORY_ID}, "left");
    return new TrajectoryTable(joined, isLong, dim, true);
  }

  @Override
  public TrajectoryTable without(Dataset<Row> ids) {
    return new TrajectoryTable(marked(rows, ids), isLong, dim, hasInitial);
  }

  static Dataset<Row> marked(Dataset<Row> rows, Dataset<Row> done) {
    Dataset<Row> marks = done.select(TRAJECTORY_ID).distinct().withColumn(DONE, lit(true));
    return rows.drop(DONE)
        .join(marks, new String[] {TRAJECTORY_ID}, "left")
        .withColumn(DONE, coalesce(col(DONE), lit(false)));
  }

  @Override
  public TrajectoryTable spread(int tasks) {
    return new TrajectoryTable(
        rows.repartition(tasks, col(TRAJECTORY_ID)), isLong, dim, hasInitial);
  }

  /** What a computation makes of the trajectories. */
  Dataset<Row> computed(ComputationFactory computation, StructType schema, Tally tally) {
    Source source = source();
    return computed(source.rows, source.reader, hasInitial, computation, schema, tally);
  }

  /** What a function makes of the trajectories of a task. */
  <T> JavaRDD<T> mapped(Mapping<T> mapping) {
    Source source = source();
    Reader reader = source.reader;
    return source
        .rows
        .queryExecution()
        .toRdd()
        .toJavaRDD()
        .mapPartitions(in -> mapping.of(reader.of(in)));
  }

  private Source source() {
    int components = dim;
    boolean initial = hasInitial;
    if (!isLong) {
      Dataset<Row> nested = rows.select(TRAJECTORY_ID, T, Y, Y0, DONE);
      return new Source(nested, in -> new NestedRows(in, components, initial));
    }
    List<String> columns = new ArrayList<>(List.of(T, Y0, DONE, NOT_A_NUMBER));
    columns.addAll(Columns.states(dim));
    Dataset<Row> together =
        rows.repartition(tasks(rows.sparkSession()), col(TRAJECTORY_ID))
            .sortWithinPartitions(TRAJECTORY_ID, FILE, BLOCK, ORDER)
            .select(TRAJECTORY_ID, columns.toArray(String[]::new));
    return new Source(together, in -> new LongRows(in, components, initial));
  }

  private static int tasks(SparkSession spark) {
    return Math.max(
        spark.sparkContext().defaultParallelism(),
        Integer.parseInt(spark.conf().get("spark.sql.shuffle.partitions")));
  }

  /** Rows to trajectories to rows, task by task, as Spark's own rows are: no number is boxed. */
  static Dataset<Row> computed(
      Dataset<Row> rows,
      Reader reader,
      boolean hasInitial,
      ComputationFactory computation,
      StructType schema,
      Tally tally) {
    LongAccumulator failed = rows.sparkSession().sparkContext().longAccumulator(ImageCount.FAILED);
    JavaRDD<InternalRow> computed =
        rows.queryExecution()
            .toRdd()
            .toJavaRDD()
            .mapPartitions(
                in -> new BlockRows(reader.of(in), computation.get(), hasInitial, tally, failed));
    return rows.sparkSession().internalCreateDataFrame(computed.rdd(), schema, false);
  }
}
