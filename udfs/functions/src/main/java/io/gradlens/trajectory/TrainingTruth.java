package io.gradlens.trajectory;

import io.gradlens.UserInputException;
import io.gradlens.train.LatentOde;
import io.gradlens.train.ObservedTrajectory;
import io.gradlens.train.Windowing;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.DoubleStream;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.Optional;
import scala.Tuple2;

/**
 * Trajectories without noise, which are held out: what a latent ODE predicts from the observations
 * of each is held against them, at their times.
 */
public final class TrainingTruth {

  /**
   * How far predictions are from the truth.
   *
   * @param rootMeanSquare over all finite numbers of the truth; NaN if nothing could be solved
   * @param trajectories that could be solved
   * @param failed that could not
   */
  public record Distance(double rootMeanSquare, long trajectories, long failed) {}

  /** Of one trajectory. */
  private record Squares(String id, double sum, long count) implements Serializable {}

  private final TrainingTrajectories all;
  private final JavaRDD<ObservedTrajectory> truth;
  private final JavaRDD<ObservedTrajectory> observed;
  private final Set<String> ids;

  private TrainingTruth(TrainingTrajectories all, TrainingTrajectories observed) {
    this.all = all;
    this.truth = all.sound();
    this.observed = observed.sound();
    ids = new TreeSet<>(truth.map(ObservedTrajectory::id).collect());
  }

  /**
   * Reads a table, whose ids are those of observed trajectories.
   *
   * @throws UserInputException if one cannot be read, has no observations, begins before them, or
   *     has another's id
   */
  public static TrainingTruth of(TrajectoryTable table, TrainingTrajectories observed) {
    TrainingTrajectories all = TrainingTrajectories.of(table, new Windowing(0, 1));
    for (TrainingTrajectories.Rejected each : all.rejected()) {
      throw new UserInputException("Truth of '%s': %s".formatted(each.id(), each.message()));
    }
    TrainingTruth truth = new TrainingTruth(all, observed);
    long count = all.counts().sound();
    if (count > truth.ids.size()) {
      throw new UserInputException(
          "Truth has %d trajectories of %d ids: ids must differ."
              .formatted(count, truth.ids.size()));
    }
    truth.check();
    return truth;
  }

  private void check() {
    List<String> mistakes =
        truth
            .mapToPair(TrainingTruth::byId)
            .leftOuterJoin(observed.mapToPair(TrainingTruth::byId))
            .map(each -> mistake(each._2()._1(), each._2()._2()))
            .filter(message -> !message.isEmpty())
            .collect();
    if (!mistakes.isEmpty()) {
      throw new UserInputException(mistakes.stream().min(Comparator.naturalOrder()).orElseThrow());
    }
  }

  private static String mistake(ObservedTrajectory truth, Optional<ObservedTrajectory> observed) {
    if (!observed.isPresent()) {
      return "Truth of '%s': there are no observations of it that could be learned from."
          .formatted(truth.id());
    }
    double[] t = observed.get().t();
    double first = truth.t()[0];
    boolean isBefore = t[t.length - 1] > t[0] ? first < t[0] : first > t[0];
    return isBefore
        ? "Truth of '%s' begins at %s, before its first observation at %s; predictions begin there."
            .formatted(truth.id(), first, t[0])
        : "";
  }

  private static Tuple2<String, ObservedTrajectory> byId(ObservedTrajectory trajectory) {
    return new Tuple2<>(trajectory.id(), trajectory);
  }

  /** Whose truth is known. */
  public Set<String> ids() {
    return Set.copyOf(ids);
  }

  /** Forgets what was kept. */
  public void forget() {
    all.forget();
  }

  /**
   * How far a latent ODE's predictions are from the truth; the same for any partitions.
   *
   * @param learned with the parameters to predict with
   */
  public Distance distance(TrainingPlan learned) {
    JavaPairRDD<String, ObservedTrajectory> seen = observed.mapToPair(TrainingTruth::byId);
    List<Squares> all =
        new ArrayList<>(
            truth
                .mapToPair(TrainingTruth::byId)
                .join(seen)
                .values()
                .mapPartitions(pairs -> squares(pairs, learned))
                .collect());
    all.sort(Comparator.comparing(Squares::id));
    double sum = 0;
    long count = 0;
    long failed = 0;
    for (Squares each : all) {
      boolean isSolved = Double.isFinite(each.sum);
      sum += isSolved ? each.sum : 0;
      count += isSolved ? each.count : 0;
      failed += isSolved ? 0 : 1;
    }
    return new Distance(Math.sqrt(sum / count), all.size() - failed, failed);
  }

  private static Iterator<Squares> squares(
      Iterator<Tuple2<ObservedTrajectory, ObservedTrajectory>> pairs, TrainingPlan learned) {
    LatentOde model = learned.latentOde();
    double[] theta = learned.theta();
    List<Squares> all = new ArrayList<>();
    pairs.forEachRemaining(pair -> all.add(squares(model, theta, pair._1(), pair._2())));
    return all.iterator();
  }

  private static Squares squares(
      LatentOde model, double[] theta, ObservedTrajectory truth, ObservedTrajectory seen) {
    double start = seen.t()[0];
    boolean isIncluded = truth.t()[0] == start;
    double[] at =
        isIncluded
            ? truth.t()
            : DoubleStream.concat(DoubleStream.of(start), Arrays.stream(truth.t())).toArray();
    double[] predicted = model.predict(theta, seen.t(), seen.y(), at);
    int offset = isIncluded ? 0 : truth.dim();
    double sum = 0;
    long count = 0;
    for (int i = 0; i < truth.y().length; i++) {
      if (Double.isFinite(truth.y()[i])) {
        double r = predicted[offset + i] - truth.y()[i];
        sum += r * r;
        count++;
      }
    }
    return new Squares(truth.id(), sum, count);
  }
}
