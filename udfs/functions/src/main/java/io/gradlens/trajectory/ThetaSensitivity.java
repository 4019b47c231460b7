package io.gradlens.trajectory;

import static io.gradlens.trajectory.TrajectorySchemas.GRAD_THETA;
import static io.gradlens.trajectory.TrajectorySchemas.TRAJECTORY_ID;
import static org.apache.spark.sql.functions.col;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;

/** Which parameters a data set's loss depends on most, and which trajectories pull them. */
public final class ThetaSensitivity {

  /**
   * A parameter.
   *
   * @param index its place in θ
   * @param rms √(mean of (∂L/∂θ_index)²) over trajectories
   * @param pulls the trajectories with the largest |∂L/∂θ_index|, the largest first
   */
  public record Parameter(int index, double rms, List<Ranking.Entry> pulls) {}

  private record Sums(long count, double[] squares) implements Serializable {}

  private ThetaSensitivity() {}

  /**
   * Ranks, in two passes over the table.
   *
   * @param results {@link TrajectorySchemas#GRADIENTS} with gradients of θ
   * @param parameters how many are given, those with the largest mean square
   * @param trajectories how many are given for each
   */
  public static List<Parameter> of(Dataset<Row> results, int parameters, int trajectories) {
    JavaRDD<InternalRow> rows =
        results
            .where(col(GRAD_THETA).isNotNull())
            .select(TRAJECTORY_ID, GRAD_THETA)
            .queryExecution()
            .toRdd()
            .toJavaRDD();
    Sums sums =
        rows.mapPartitions(in -> List.of(sums(in)).iterator()).collect().stream()
            .reduce(new Sums(0, new double[0]), ThetaSensitivity::add);
    int[] largest =
        IntStream.range(0, sums.squares.length)
            .boxed()
            .sorted(Comparator.comparingDouble(p -> -sums.squares[p]))
            .limit(parameters)
            .mapToInt(Integer::intValue)
            .toArray();
    ArrayList<Ranking> pulls = rankings(largest.length, trajectories);
    for (ArrayList<Ranking> part :
        rows.mapPartitions(in -> List.of(pulls(in, largest, trajectories)).iterator()).collect()) {
      for (int i = 0; i < largest.length; i++) {
        pulls.get(i).add(part.get(i));
      }
    }
    List<Parameter> ranked = new ArrayList<>();
    for (int i = 0; i < largest.length; i++) {
      double rms = Math.sqrt(sums.squares[largest[i]] / sums.count);
      ranked.add(new Parameter(largest[i], rms, pulls.get(i).entries()));
    }
    return ranked;
  }

  private static Sums sums(Iterator<InternalRow> rows) {
    double[] squares = {};
    long count = 0;
    while (rows.hasNext()) {
      double[] gradient = rows.next().getArray(1).toDoubleArray();
      squares = squares.length == 0 ? new double[gradient.length] : squares;
      for (int p = 0; p < gradient.length; p++) {
        squares[p] += gradient[p] * gradient[p];
      }
      count++;
    }
    return new Sums(count, squares);
  }

  private static Sums add(Sums a, Sums b) {
    if (a.squares.length == 0 || b.squares.length == 0) {
      return a.squares.length == 0 ? b : a;
    }
    double[] sum = new double[a.squares.length];
    Arrays.setAll(sum, p -> a.squares[p] + b.squares[p]);
    return new Sums(a.count + b.count, sum);
  }

  private static ArrayList<Ranking> pulls(Iterator<InternalRow> rows, int[] parameters, int most) {
    ArrayList<Ranking> pulls = rankings(parameters.length, most);
    while (rows.hasNext()) {
      InternalRow row = rows.next();
      double[] gradient = row.getArray(1).toDoubleArray();
      for (int i = 0; i < parameters.length; i++) {
        pulls.get(i).add(row.getUTF8String(0), gradient[parameters[i]]);
      }
    }
    return pulls;
  }

  private static ArrayList<Ranking> rankings(int count, int most) {
    ArrayList<Ranking> rankings = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rankings.add(new Ranking(most));
    }
    return rankings;
  }
}
