package io.gradlens.trajectory;

import static io.gradlens.trajectory.TrajectorySchemas.GRAD_THETA;
import static io.gradlens.trajectory.TrajectorySchemas.TRAJECTORY_ID;
import static org.apache.spark.sql.functions.col;

import java.io.Serializable;
import java.util.ArrayList;
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
  public record Parameter(int index, double rms, List<Pull> pulls) {}

  /** A trajectory's ∂L/∂θ of one parameter. */
  public record Pull(String trajectoryId, double gradient) implements Serializable {}

  private static final Comparator<Pull> LARGEST =
      Comparator.comparingDouble((Pull pull) -> -Math.abs(pull.gradient))
          .thenComparing(Pull::trajectoryId);

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
        rows.mapPartitions(ThetaSensitivity::sums).collect().stream()
            .reduce(new Sums(0, new double[0]), ThetaSensitivity::add);
    int[] largest =
        IntStream.range(0, sums.squares.length)
            .boxed()
            .sorted(Comparator.comparingDouble(p -> -sums.squares[p]))
            .limit(parameters)
            .mapToInt(Integer::intValue)
            .toArray();
    List<List<Pull>> pulls = new ArrayList<>();
    for (int i = 0; i < largest.length; i++) {
      pulls.add(new ArrayList<>());
    }
    for (ArrayList<ArrayList<Pull>> part :
        rows.mapPartitions(in -> List.of(pulls(in, largest, trajectories)).iterator()).collect()) {
      for (int i = 0; i < largest.length; i++) {
        pulls.get(i).addAll(part.get(i));
      }
    }
    List<Parameter> ranked = new ArrayList<>();
    for (int i = 0; i < largest.length; i++) {
      double rms = Math.sqrt(sums.squares[largest[i]] / sums.count);
      ranked.add(
          new Parameter(
              largest[i], rms, pulls.get(i).stream().sorted(LARGEST).limit(trajectories).toList()));
    }
    return ranked;
  }

  private static Iterator<Sums> sums(Iterator<InternalRow> rows) {
    Sums sums = new Sums(0, new double[0]);
    long count = 0;
    while (rows.hasNext()) {
      double[] gradient = rows.next().getArray(1).toDoubleArray();
      if (sums.squares.length == 0) {
        sums = new Sums(0, new double[gradient.length]);
      }
      for (int p = 0; p < gradient.length; p++) {
        sums.squares[p] += gradient[p] * gradient[p];
      }
      count++;
    }
    return List.of(new Sums(count, sums.squares)).iterator();
  }

  private static Sums add(Sums a, Sums b) {
    if (a.squares.length == 0 || b.squares.length == 0) {
      return a.squares.length == 0 ? b : a;
    }
    double[] sum = new double[a.squares.length];
    for (int p = 0; p < sum.length; p++) {
      sum[p] = a.squares[p] + b.squares[p];
    }
    return new Sums(a.count + b.count, sum);
  }

  private static ArrayList<ArrayList<Pull>> pulls(
      Iterator<InternalRow> rows, int[] parameters, int most) {
    ArrayList<ArrayList<Pull>> pulls = new ArrayList<>();
    for (int i = 0; i < parameters.length; i++) {
      pulls.add(new ArrayList<>());
    }
    while (rows.hasNext()) {
      InternalRow row = rows.next();
      double[] gradient = row.getArray(1).toDoubleArray();
      for (int i = 0; i < parameters.length; i++) {
        ArrayList<Pull> best = pulls.get(i);
        double value = gradient[parameters[i]];
        boolean counts =
            best.size() < most || Math.abs(value) >= Math.abs(best.get(most - 1).gradient);
        if (counts) {
          best.add(new Pull(row.getUTF8String(0).toString(), value));
          best.sort(LARGEST);
          if (best.size() > most) {
            best.remove(most);
          }
        }
      }
    }
    return pulls;
  }
}
