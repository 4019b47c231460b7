package io.gradlens.jobs;

import static io.gradlens.trajectory.TrajectorySchemas.TRAJECTORY_ID;

import io.gradlens.trajectory.GradientPlan;
import io.gradlens.trajectory.GradientStatistics;
import io.gradlens.trajectory.Ranking;
import io.gradlens.trajectory.ThetaSensitivity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What {@code summary.json} says of a table {@code trajectory_gradients}; made of its rows. */
record GradientSummary(Dataset<Row> results, GradientPlan plan) {

  private static final int RANKED = 10;
  private static final int PULLS = 5;
  private static final int SHOWN = 3;

  Map<String, Object> values() {
    GradientStatistics statistics = GradientStatistics.of(results);
    Map<String, Object> values = new LinkedHashMap<>();
    values.put(
        "loss",
        named(
            "smallest", statistics.smallestLoss(),
            "mean", statistics.meanLoss(),
            "largest", statistics.largestLoss()));
    double[] costs = statistics.meanCosts();
    values.put(
        "mean_cost",
        named(
            "nfe_forward", costs[0],
            "nfe_backward", costs[1],
            "steps_accepted", costs[2],
            "steps_rejected", costs[3]));
    if (plan.check().fraction() > 0) {
      values.put(
          "gradient_check",
          named(
              "checked", statistics.checked(),
              "median", statistics.errorQuantile(0.5),
              "percentile_90", statistics.errorQuantile(0.9),
              "percentile_99", statistics.errorQuantile(0.99),
              "largest", statistics.errorQuantile(1)));
    }
    values.put("sensitivity", sensitivity(statistics));
    return values;
  }

  /** The check and the first of the rankings, in a line each. */
  static Map<String, String> highlights(Map<String, Object> values) {
    Map<String, String> highlights = new LinkedHashMap<>();
    if (values.get("gradient_check") instanceof Map<?, ?> check) {
      highlights.put(
          "gradient check",
          "%s against differences, relative error %.1e in the median, %.1e at most"
              .formatted(check.get("checked"), check.get("median"), check.get("largest")));
    }
    Map<?, ?> sensitivity = (Map<?, ?>) values.get("sensitivity");
    List<?> largest = (List<?>) sensitivity.get("by_grad_y0");
    highlights.put("largest |grad_y0|", ids(largest));
    if (sensitivity.get("by_parameter") instanceof List<?> parameters && !parameters.isEmpty()) {
      Map<?, ?> first = (Map<?, ?>) parameters.get(0);
      highlights.put(
          "largest grad_theta",
          "%s, pulled most by %s"
              .formatted(first.get("parameter"), ids((List<?>) first.get("trajectories"))));
    }
    return highlights;
  }

  private static String ids(List<?> entries) {
    return entries.stream()
        .limit(SHOWN)
        .map(entry -> String.valueOf(((Map<?, ?>) entry).get(TRAJECTORY_ID)))
        .collect(Collectors.joining(", "));
  }

  private Map<String, Object> sensitivity(GradientStatistics statistics) {
    Map<String, Object> sensitivity = new LinkedHashMap<>();
    sensitivity.put("by_grad_y0", entries("norm", statistics.byInitialState()));
    if (plan.theta() != GradientPlan.Theta.NOTHING) {
      sensitivity.put("by_grad_theta", entries("norm", statistics.byTheta()));
    }
    if (plan.theta() == GradientPlan.Theta.GRADIENT) {
      sensitivity.put("by_parameter", byParameter());
    }
    return sensitivity;
  }

  private List<Map<String, Object>> byParameter() {
    List<String> names = plan.file().field().parameterNames();
    List<Map<String, Object>> ranked = new ArrayList<>();
    for (ThetaSensitivity.Parameter parameter : ThetaSensitivity.of(results, RANKED, PULLS)) {
      ranked.add(
          named(
              "parameter", names.get(parameter.index()),
              "rms_gradient", parameter.rms(),
              "trajectories", entries("gradient", parameter.pulls())));
    }
    return ranked;
  }

  private static List<Map<String, Object>> entries(String value, List<Ranking.Entry> ranking) {
    return ranking.stream()
        .map(entry -> named(TRAJECTORY_ID, entry.trajectoryId(), value, entry.value()))
        .toList();
  }

  /** Names and values in turn. */
  private static Map<String, Object> named(Object... pairs) {
    Map<String, Object> named = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      named.put((String) pairs[i], pairs[i + 1]);
    }
    return named;
  }
}
