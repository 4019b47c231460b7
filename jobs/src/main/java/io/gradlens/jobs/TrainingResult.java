package io.gradlens.jobs;

import io.gradlens.train.HistoryRow;
import io.gradlens.train.ObservedTrajectory;
import io.gradlens.trajectory.LatentLoss;
import io.gradlens.trajectory.TrainingPlan;
import io.gradlens.trajectory.TrainingTruth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Shows what was learned: charts, a page, and the field itself. */
final class TrainingResult {

  private final TrainingPlan before;
  private final TrainingPlan learned;
  private final List<HistoryRow> history;
  private final TrainingTruth.Distance distance;

  /**
   * @param before the plan with the parameters that training began with
   * @param learned the same with those after it
   * @param distance from the truth; null where it is not known
   */
  TrainingResult(
      TrainingPlan before,
      TrainingPlan learned,
      List<HistoryRow> history,
      TrainingTruth.Distance distance) {
    this.before = before;
    this.learned = learned;
    this.history = history;
    this.distance = distance;
  }

  /**
   * Writes everything.
   *
   * @param shown as many trajectories as the portrait wants
   * @param count how many there are in all
   */
  void write(
      TrainingOutput output,
      TrainingPortrait portrait,
      List<ObservedTrajectory> shown,
      long count) {
    output.history(history);
    output.field(learned.file());
    Map<String, byte[]> charts = new LinkedHashMap<>();
    if (learned.loss() instanceof LatentLoss) {
      // A bound on a likelihood and an error of predictions have no axis in common.
      charts.put("loss.png", TrainingCharts.batchLoss("Negative evidence lower bound", history));
      charts.put("error.png", TrainingCharts.validationLoss("Mean square of predictions", history));
    } else {
      charts.put("loss.png", TrainingCharts.loss(history));
    }
    charts.put("portrait.png", portrait.png(shown));
    charts.forEach(output::write);
    output.write(
        "index.html",
        TrainingPage.html(
            "Training of a field: " + learned.file().field().type(),
            figures(count),
            new ArrayList<>(charts.values()),
            TrainingPage.parameters(learned.parameterNames(), before.theta(), learned.theta())));
  }

  private Map<String, String> figures(long count) {
    HistoryRow last = history.get(history.size() - 1);
    Map<String, String> figures = new LinkedHashMap<>();
    figures.put("trajectories", Long.toString(count));
    figures.put("iterations", Integer.toString(last.iteration()));
    figures.put("loss of the last iteration", number(lastFinite(HistoryRow::loss)));
    figures.put(validationName(learned), number(lastFinite(HistoryRow::validationLoss)));
    if (distance != null) {
      figures.put(
          "root mean square of predictions less the truth, %d trajectories"
              .formatted(distance.trajectories()),
          number(distance.rootMeanSquare()));
    }
    figures.put(
        "evaluations of the field",
        "%,d".formatted(history.stream().mapToLong(HistoryRow::nfe).sum()));
    figures.put("seconds", number(last.seconds()));
    return figures;
  }

  /** What validation measures. */
  static String validationName(TrainingPlan plan) {
    return plan.loss() instanceof LatentLoss
        ? "mean square of predictions of whole trajectories"
        : "loss of whole trajectories";
  }

  private double lastFinite(ToDoubleFunction<HistoryRow> column) {
    double last = Double.NaN;
    for (HistoryRow row : history) {
      double value = column.applyAsDouble(row);
      last = Double.isFinite(value) ? value : last;
    }
    return last;
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.6g", value);
  }
}
