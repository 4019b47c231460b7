package io.gradlens.jobs;

import io.gradlens.network.Confusion;
import io.gradlens.network.EpochRow;
import java.awt.Color;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;

/**
 * The page of a run of {@code train}: learning curves, metrics by class, what is mistaken for what.
 */
final class LearningCurves {

  /** Larger matrices are in the table alone. */
  private static final int MOST_CLASSES = 30;

  private LearningCurves() {}

  static String page(
      String title,
      Map<String, String> figures,
      List<EpochRow> history,
      Map<String, Confusion> bySplit,
      List<String> classes) {
    Map<String, String> all = new LinkedHashMap<>(figures);
    bySplit.forEach(
        (split, result) ->
            all.put(
                "accuracy, " + split,
                String.format(
                    Locale.ROOT, "%.2f %% of %,d", 100 * result.accuracy(), result.total())));
    StringBuilder body = new StringBuilder();
    bySplit.forEach((split, result) -> body.append(table(split, result, classes)));
    List<byte[]> charts = new ArrayList<>(List.of(loss(history), accuracy(history)));
    if (history.stream().anyMatch(row -> !Double.isNaN(row.nfeForward()))) {
      charts.add(evaluations(history));
    }
    return TrainingPage.html(title, all, charts, body.toString());
  }

  private static byte[] loss(List<EpochRow> history) {
    XYChart chart = TrainingCharts.chart("Loss", "epoch", "loss");
    add(chart, "training", history, EpochRow::trainingLoss, TrainingCharts.GREY);
    add(chart, "validation", history, EpochRow::validationLoss, TrainingCharts.BLUE);
    return TrainingCharts.png(chart);
  }

  private static byte[] accuracy(List<EpochRow> history) {
    XYChart chart = TrainingCharts.chart("Accuracy and learning rate", "epoch", "");
    add(chart, "validation accuracy", history, EpochRow::validationAccuracy, TrainingCharts.BLUE);
    double most = history.stream().mapToDouble(EpochRow::learningRate).max().orElse(1);
    add(
        chart,
        String.format(Locale.ROOT, "learning rate / %.3g", most),
        history,
        row -> row.learningRate() / most,
        TrainingCharts.ORANGE);
    return TrainingCharts.png(chart);
  }

  private static byte[] evaluations(List<EpochRow> history) {
    XYChart chart = TrainingCharts.chart("Evaluations of ODE blocks", "epoch", "a batch");
    add(chart, "forward", history, EpochRow::nfeForward, TrainingCharts.BLUE);
    add(chart, "backward", history, EpochRow::nfeBackward, TrainingCharts.ORANGE);
    return TrainingCharts.png(chart);
  }

  private static void add(
      XYChart chart,
      String name,
      List<EpochRow> history,
      ToDoubleFunction<EpochRow> value,
      Color color) {
    List<EpochRow> known =
        history.stream().filter(row -> Double.isFinite(value.applyAsDouble(row))).toList();
    if (!known.isEmpty()) {
      double[] x = known.stream().mapToDouble(EpochRow::epoch).toArray();
      double[] y = known.stream().mapToDouble(value).toArray();
      TrainingCharts.line(chart.addSeries(name, x, y), color);
    }
  }

  private static String table(String split, Confusion result, List<String> classes) {
    StringBuilder html =
        new StringBuilder("<h2>%s</h2>%n<table>%n".formatted(TrainingPage.escape(split)));
    html.append("<tr><th>class</th><th>images</th><th>precision</th><th>recall</th>");
    boolean hasMatrix = classes.size() <= MOST_CLASSES;
    for (int j = 0; hasMatrix && j < classes.size(); j++) {
      html.append("<th>as %s</th>".formatted(TrainingPage.escape(classes.get(j))));
    }
    html.append("</tr>\n");
    for (int i = 0; i < classes.size(); i++) {
      html.append("<tr><th>%s</th>".formatted(TrainingPage.escape(classes.get(i))));
      html.append(number(Long.toString(result.support(i))));
      html.append(number(share(result.precision(i)))).append(number(share(result.recall(i))));
      for (int j = 0; hasMatrix && j < classes.size(); j++) {
        html.append(number(Long.toString(result.counts()[i][j])));
      }
      html.append("</tr>\n");
    }
    return html.append("</table>\n").toString();
  }

  private static String number(String text) {
    return "<td class=\"number\">" + text + "</td>";
  }

  private static String share(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.3f", value);
  }
}
