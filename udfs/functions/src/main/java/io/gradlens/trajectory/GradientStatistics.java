package io.gradlens.trajectory;

import static io.gradlens.trajectory.TrajectorySchemas.FD_RELATIVE_ERROR;
import static io.gradlens.trajectory.TrajectorySchemas.GRAD_THETA_NORM;
import static io.gradlens.trajectory.TrajectorySchemas.GRAD_Y0;
import static io.gradlens.trajectory.TrajectorySchemas.LOSS;
import static io.gradlens.trajectory.TrajectorySchemas.NFE_BACKWARD;
import static io.gradlens.trajectory.TrajectorySchemas.NFE_FORWARD;
import static io.gradlens.trajectory.TrajectorySchemas.STEPS_ACCEPTED;
import static io.gradlens.trajectory.TrajectorySchemas.STEPS_REJECTED;
import static io.gradlens.trajectory.TrajectorySchemas.TRAJECTORY_ID;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;

/** What a table {@code trajectory_gradients} says on the whole, from one pass over it. */
public final class GradientStatistics implements Serializable {

  private static final int RANKED = 10;
  private static final int COSTS = 4;

  private long count;
  private double sumOfLosses;
  private double smallestLoss = Double.NaN;
  private double largestLoss = Double.NaN;
  private final long[] costs = new long[COSTS];
  private double[] errors = {};
  private int errorCount;
  private final Ranking byInitialState = new Ranking(RANKED);
  private final Ranking byTheta = new Ranking(RANKED);

  private GradientStatistics() {}

  /**
   * Reads a table.
   *
   * @param results {@link TrajectorySchemas#GRADIENTS}
   */
  public static GradientStatistics of(Dataset<Row> results) {
    List<GradientStatistics> parts =
        results
            .select(
                TRAJECTORY_ID,
                LOSS,
                GRAD_Y0,
                GRAD_THETA_NORM,
                FD_RELATIVE_ERROR,
                NFE_FORWARD,
                NFE_BACKWARD,
                STEPS_ACCEPTED,
                STEPS_REJECTED)
            .queryExecution()
            .toRdd()
            .toJavaRDD()
            .mapPartitions(rows -> List.of(read(rows)).iterator())
            .collect();
    GradientStatistics all = new GradientStatistics();
    parts.forEach(all::add);
    Arrays.sort(all.errors = Arrays.copyOf(all.errors, all.errorCount));
    return all;
  }

  private static GradientStatistics read(Iterator<InternalRow> rows) {
    GradientStatistics part = new GradientStatistics();
    while (rows.hasNext()) {
      InternalRow row = rows.next();
      if (!row.isNullAt(1)) {
        part.add(row);
      }
    }
    return part;
  }

  private void add(InternalRow row) {
    count++;
    double loss = row.getDouble(1);
    sumOfLosses += loss;
    smallestLoss = smaller(smallestLoss, loss);
    largestLoss = larger(largestLoss, loss);
    byInitialState.add(row.getUTF8String(0), norm(row.getArray(2).toDoubleArray()));
    if (!row.isNullAt(3)) {
      byTheta.add(row.getUTF8String(0), row.getDouble(3));
    }
    if (!row.isNullAt(4)) {
      addError(row.getDouble(4));
    }
    for (int i = 0; i < COSTS; i++) {
      costs[i] += row.getInt(5 + i);
    }
  }

  private void addError(double error) {
    if (errorCount == errors.length) {
      errors = Arrays.copyOf(errors, Math.max(16, 2 * errorCount));
    }
    errors[errorCount++] = error;
  }

  private void add(GradientStatistics part) {
    count += part.count;
    sumOfLosses += part.sumOfLosses;
    smallestLoss = smaller(smallestLoss, part.smallestLoss);
    largestLoss = larger(largestLoss, part.largestLoss);
    byInitialState.add(part.byInitialState);
    byTheta.add(part.byTheta);
    for (int i = 0; i < part.errorCount; i++) {
      addError(part.errors[i]);
    }
    for (int i = 0; i < COSTS; i++) {
      costs[i] += part.costs[i];
    }
  }

  private static double smaller(double a, double b) {
    return Double.isNaN(a) || b < a ? b : a;
  }

  private static double larger(double a, double b) {
    return Double.isNaN(a) || b > a ? b : a;
  }

  static double norm(double[] values) {
    double squares = 0;
    for (double value : values) {
      squares += value * value;
    }
    return Math.sqrt(squares);
  }

  public double smallestLoss() {
    return smallestLoss;
  }

  public double meanLoss() {
    return sumOfLosses / count;
  }

  public double largestLoss() {
    return largestLoss;
  }

  /** Means over trajectories of nfe forward and backward, steps accepted and rejected. */
  public double[] meanCosts() {
    return Arrays.stream(costs).mapToDouble(sum -> (double) sum / count).toArray();
  }

  /** How many gradients were checked against differences. */
  public int checked() {
    return errors.length;
  }

  /**
   * The relative error that so large a part of those that were checked does not exceed; NaN is
   * larger than any.
   */
  public double errorQuantile(double part) {
    return errors.length == 0
        ? Double.NaN
        : errors[Math.max(0, (int) Math.ceil(part * errors.length) - 1)];
  }

  /** Trajectories by ‖∂L/∂y₀‖, the largest first. */
  public List<Ranking.Entry> byInitialState() {
    return byInitialState.entries();
  }

  /** Trajectories by ‖∂L/∂θ‖, the largest first. */
  public List<Ranking.Entry> byTheta() {
    return byTheta.entries();
  }
}
