package io.gradlens.jobs;

import io.gradlens.train.HistoryRow;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** What a training run looks like, as PNG files. */
final class TrainingCharts {
  static final Color BLUE = new Color(0x1f77b4);
  static final Color ORANGE = new Color(0xff7f0e);
  static final Color GREY = new Color(0x9a9a9a);
  private static final int MOST_POINTS = 2000;

  private TrainingCharts() {}

  /**
   * Curves of a chart.
   *
   * @param observed what the data says, {@code [curve][x or y][point]}
   * @param fitted what was learned, the same way
   */
  record Curves(List<double[][]> observed, List<double[][]> fitted) {}

  /** Both losses by iteration. */
  static byte[] loss(List<HistoryRow> history) {
    return course(
        "Loss",
        history,
        new Course("batch", HistoryRow::loss, GREY),
        new Course("whole trajectories", HistoryRow::validationLoss, BLUE));
  }

  /** The loss of each iteration's windows. */
  static byte[] batchLoss(String title, List<HistoryRow> history) {
    return course(title, history, new Course("batch", HistoryRow::loss, GREY));
  }

  /** The loss of whole trajectories. */
  static byte[] validationLoss(String title, List<HistoryRow> history) {
    return course(
        title, history, new Course("whole trajectories", HistoryRow::validationLoss, BLUE));
  }

  /** A figure by iteration. */
  private record Course(String name, ToDoubleFunction<HistoryRow> of, Color color) {}

  /**
   * Logarithmic where all figures are above 0; else the first tenth of the run does not stretch the
   * axis, for a long fall would hide what comes after it.
   */
  private static byte[] course(String title, List<HistoryRow> history, Course... courses) {
    XYChart chart = chart(title, "iteration", "loss");
    boolean isLogarithmic =
        Arrays.stream(courses)
            .flatMapToDouble(course -> history.stream().mapToDouble(course.of))
            .noneMatch(value -> value <= 0);
    chart.getStyler().setYAxisLogarithmic(isLogarithmic);
    if (!isLogarithmic) {
      Arrays.stream(courses)
          .flatMapToDouble(
              course -> history.stream().skip(history.size() / 10).mapToDouble(course.of))
          .filter(Double::isFinite)
          .max()
          .ifPresent(chart.getStyler()::setYAxisMax);
    }
    chart.getStyler().setXAxisMin(0.0);
    for (Course course : courses) {
      add(chart, course, history);
    }
    return png(chart);
  }

  private static void add(XYChart chart, Course course, List<HistoryRow> history) {
    List<HistoryRow> known =
        history.stream().filter(row -> Double.isFinite(course.of.applyAsDouble(row))).toList();
    if (known.isEmpty()) {
      return;
    }
    int every = 1 + known.size() / MOST_POINTS;
    List<Double> x = new ArrayList<>();
    List<Double> y = new ArrayList<>();
    for (int i = 0; i < known.size(); i += every) {
      x.add((double) known.get(i).iteration());
      y.add(course.of.applyAsDouble(known.get(i)));
    }
    line(chart.addSeries(course.name, x, y), course.color);
  }

  /** Observed points and fitted curves in the plane of two quantities. */
  static byte[] portrait(String title, String x, String y, Curves curves) {
    XYChart chart = chart(title, x, y);
    for (int i = 0; i < curves.fitted.size(); i++) {
      double[][] curve = curves.fitted.get(i);
      XYSeries series = line(chart.addSeries("fitted" + mark(i), curve[0], curve[1]), BLUE);
      series.setShowInLegend(i == 0).setLabel("fitted");
    }
    for (int i = 0; i < curves.observed.size(); i++) {
      double[][] points = curves.observed.get(i);
      XYSeries series = dots(chart.addSeries("observed" + mark(i), points[0], points[1]), ORANGE);
      series.setShowInLegend(i == 0).setLabel("observed");
    }
    return png(chart);
  }

  /** Observed points and points drawn from what was learned. */
  static byte[] samples(String title, double[][] observed, double[][] drawn) {
    XYChart chart = chart(title, "y1", "y2");
    dots(chart.addSeries("drawn", drawn[0], drawn[1]), BLUE);
    dots(chart.addSeries("observed", observed[0], observed[1]), ORANGE);
    return png(chart);
  }

  private static String mark(int i) {
    return i == 0 ? "" : " " + i;
  }

  static XYChart chart(String title, String x, String y) {
    XYChart chart =
        new XYChartBuilder()
            .width(720)
            .height(540)
            .title(title)
            .xAxisTitle(x)
            .yAxisTitle(y)
            .build();
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setPlotGridLinesColor(new Color(0xe4e4e4));
    chart.getStyler().setLegendPosition(LegendPosition.OutsideS);
    chart.getStyler().setLegendLayout(LegendLayout.Horizontal);
    chart.getStyler().setLegendBorderColor(new Color(0xe4e4e4));
    return chart;
  }

  static XYSeries line(XYSeries series, Color color) {
    series.setMarker(SeriesMarkers.NONE);
    series.setLineColor(color);
    series.setLineStyle(new BasicStroke(1.6f));
    return series;
  }

  private static XYSeries dots(XYSeries series, Color color) {
    series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    series.setMarker(SeriesMarkers.CIRCLE);
    series.setMarkerColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), 170));
    return series;
  }

  static byte[] png(XYChart chart) {
    chart.getStyler().setMarkerSize(4);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      BitmapEncoder.saveBitmap(chart, bytes, BitmapFormat.PNG);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
