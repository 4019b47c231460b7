package io.gradlens.jobs;

import io.gradlens.field.FieldDescription;
import io.gradlens.jobs.TrainingCharts.Curves;
import io.gradlens.ode.DivergenceField;
import io.gradlens.ode.Solution;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.flow.ContinuousFlow;
import io.gradlens.train.HistoryRow;
import io.gradlens.train.ObservedTrajectory;
import io.gradlens.trajectory.TrainingPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** Shows what was learned: charts, a page, and the field itself. */
final class TrainingResult {

  /** So many trajectories are drawn. */
  static final int SHOWN = 6;

  private static final int CURVE_POINTS = 2000;

  private final TrainingPlan plan;
  private final double[] theta;
  private final List<HistoryRow> history;

  /**
   * @param theta the field's parameters after training
   */
  TrainingResult(TrainingPlan plan, double[] theta, List<HistoryRow> history) {
    this.plan = plan;
    this.theta = theta;
    this.history = history;
  }

  /**
   * Writes everything.
   *
   * @param shown a few trajectories
   * @param initial where they begin, if not at their first observation; by number
   */
  void write(
      TrainingOutput output, List<ObservedTrajectory> shown, List<double[]> initial, long count) {
    output.history(history);
    output.field(plan.file().withTheta(theta));
    byte[] loss = TrainingCharts.loss(history);
    byte[] portrait = plan.isFlow() ? samples(shown) : portrait(shown, initial);
    output.write("loss.png", loss);
    output.write("portrait.png", portrait);
    FieldDescription field = plan.file().field();
    output.write(
        "index.html",
        TrainingPage.html(
            "Training of a field: " + field.type(),
            figures(count),
            List.of(loss, portrait),
            TrainingPage.parameters(field.parameterNames(), field.theta(), theta)));
  }

  private Map<String, String> figures(long count) {
    HistoryRow last = history.get(history.size() - 1);
    Map<String, String> figures = new LinkedHashMap<>();
    figures.put("trajectories", Long.toString(count));
    figures.put("iterations", Integer.toString(last.iteration()));
    figures.put("loss of the last iteration", number(lastFinite(HistoryRow::loss)));
    figures.put("loss of whole trajectories", number(lastFinite(HistoryRow::validationLoss)));
    figures.put(
        "evaluations of the field",
        "%,d".formatted(history.stream().mapToLong(HistoryRow::nfe).sum()));
    figures.put("seconds", number(last.seconds()));
    return figures;
  }

  private double lastFinite(java.util.function.ToDoubleFunction<HistoryRow> column) {
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

  /** In the plane of the first two states, or over time where there is one. */
  private byte[] portrait(List<ObservedTrajectory> shown, List<double[]> initial) {
    List<double[][]> observed = new ArrayList<>();
    List<double[][]> fitted = new ArrayList<>();
    List<String> states = plan.file().field().states();
    boolean isPlane = plan.file().field().observed() > 1;
    for (int i = 0; i < shown.size(); i++) {
      ObservedTrajectory trajectory = shown.get(i);
      int dim = trajectory.dim();
      double[] y = trajectory.y();
      int[] complete =
          IntStream.range(0, trajectory.points())
              .filter(j -> Double.isFinite(y[j * dim]) && Double.isFinite(y[j * dim + dim - 1]))
              .toArray();
      observed.add(
          curve(
              complete.length,
              j -> trajectory.t()[complete[j]],
              (j, k) -> y[complete[j] * dim + k],
              isPlane));
      Solution solution = solution(trajectory, initial.isEmpty() ? null : initial.get(i));
      double[] ts = solution.times(0);
      int reached =
          (int)
              IntStream.range(0, ts.length)
                  .filter(j -> Double.isFinite(solution.y(0, j, 0)))
                  .count();
      if (reached > 0) {
        fitted.add(curve(reached, j -> ts[j], (j, k) -> solution.y(0, j, k), isPlane));
      }
    }
    return TrainingCharts.portrait(
        "Fitted and observed",
        isPlane ? states.get(0) : "t",
        isPlane ? states.get(1) : states.get(0),
        new Curves(observed, fitted));
  }

  /** A component of a state at a point. */
  @FunctionalInterface
  private interface States {
    double at(int point, int component);
  }

  private static double[][] curve(
      int points, java.util.function.IntToDoubleFunction t, States states, boolean isPlane) {
    double[][] curve = new double[2][points];
    for (int j = 0; j < points; j++) {
      curve[0][j] = isPlane ? states.at(j, 0) : t.applyAsDouble(j);
      curve[1][j] = states.at(j, isPlane ? 1 : 0);
    }
    return curve;
  }

  private Solution solution(ObservedTrajectory trajectory, double[] initial) {
    int dim = plan.file().field().dim();
    double[] t = trajectory.t();
    double[] y0 = initial;
    int from = 0;
    if (y0 == null) {
      while (!isComplete(trajectory, from) && from < t.length - 2) {
        from++;
      }
      int observed = trajectory.dim();
      y0 =
          Arrays.copyOf(
              Arrays.copyOfRange(trajectory.y(), from * observed, (from + 1) * observed), dim);
    }
    double start = t[from];
    double length = t[t.length - 1] - start;
    double[] ts =
        IntStream.range(0, CURVE_POINTS)
            .mapToDouble(j -> start + length * j / (CURVE_POINTS - 1))
            .toArray();
    return plan.solve(theta)
        .solve(plan.file().withTheta(theta).field().build(), Trajectories.of(dim, y0, ts));
  }

  private static boolean isComplete(ObservedTrajectory trajectory, int point) {
    int dim = trajectory.dim();
    return Arrays.stream(trajectory.y(), point * dim, (point + 1) * dim).allMatch(Double::isFinite);
  }

  /** Points drawn from the density that was learned. */
  private byte[] samples(List<ObservedTrajectory> shown) {
    ContinuousFlow flow =
        ContinuousFlow.exact(
            (DivergenceField) plan.file().withTheta(theta).field().build(),
            0,
            1,
            plan.solve(theta));
    double[] points = flow.samples(shown.size(), 0).points();
    int dim = flow.dim();
    int other = Math.min(1, dim - 1);
    double[][] drawn = new double[2][shown.size()];
    double[][] observed = new double[2][shown.size()];
    for (int i = 0; i < shown.size(); i++) {
      drawn[0][i] = points[i * dim];
      drawn[1][i] = points[i * dim + other];
      observed[0][i] = shown.get(i).y()[0];
      observed[1][i] = shown.get(i).y()[other];
    }
    return TrainingCharts.samples("Drawn and observed", observed, drawn);
  }
}
