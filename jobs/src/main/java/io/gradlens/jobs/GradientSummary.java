package io.gradlens.jobs;

import static io.gradlens.trajectory.TrajectorySchemas.FD_RELATIVE_ERROR;
import static io.gradlens.trajectory.TrajectorySchemas.GRAD_THETA_NORM;
import static io.gradlens.trajectory.TrajectorySchemas.GRAD_Y0;
import static io.gradlens.trajectory.TrajectorySchemas.LOSS;
import static io.gradlens.trajectory.TrajectorySchemas.NFE_BACKWARD;
import static io.gradlens.trajectory.TrajectorySchemas.NFE_FORWARD;
import static io.gradlens.trajectory.TrajectorySchemas.STEPS_ACCEPTED;
import static io.gradlens.trajectory.TrajectorySchemas.STEPS_REJECTED;
import static io.gradlens.trajectory.TrajectorySchemas.TRAJECTORY_ID;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import io.gradlens.trajectory.GradientPlan;
import io.gradlens.trajectory.ThetaSensitivity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What a table {@code trajectory_gradients} says on the whole; made of its rows. */
record GradientSummary(Dataset<Row> results, GradientPlan plan) {

  private static final int RANKED = 10;
  private static final int PULLS = 5;

  Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("loss", loss());
    values.put("cost", cost());
    if (plan.check().fraction() > 0) {
      values.put("gradient_check", check());
    }
    values.put("sensitivity", sensitivity());
    return values;
  }

  private Map<String, Object> loss() {
    return named(
        results
            .agg(
                min(LOSS).as("smallest"),
                expr("percentile_approx(loss, 0.5)").as("median"),
                avg(LOSS).as("mean"),
                max(LOSS).as("largest"))
            .first());
  }

  private Map<String, Object> cost() {
    return named(
        results
            .agg(
                avg(NFE_FORWARD).as("mean_nfe_forward"),
                avg(NFE_BACKWARD).as("mean_nfe_backward"),
                avg(STEPS_ACCEPTED).as("mean_steps_accepted"),
                avg(STEPS_REJECTED).as("mean_steps_rejected"))
            .first());
  }

  /** NaN counts as larger than any error. */
  private Map<String, Object> check() {
    return named(
        results
            .where(col(FD_RELATIVE_ERROR).isNotNull())
            .agg(
                expr("count(*)").as("checked"),
                expr("percentile(fd_relative_error, 0.5)").as("median"),
                expr("percentile(fd_relative_error, 0.9)").as("percentile_90"),
                expr("percentile(fd_relative_error, 0.99)").as("percentile_99"),
                max(FD_RELATIVE_ERROR).as("largest"))
            .first());
  }

  private Map<String, Object> sensitivity() {
    Map<String, Object> sensitivity = new LinkedHashMap<>();
    Column norm = expr("sqrt(aggregate(%s, 0D, (s, x) -> s + x * x))".formatted(GRAD_Y0));
    sensitivity.put("by_grad_y0", largest(results.withColumn("norm", norm)));
    if (plan.theta() != GradientPlan.Theta.NOTHING) {
      sensitivity.put("by_grad_theta", largest(results.withColumnRenamed(GRAD_THETA_NORM, "norm")));
    }
    if (plan.theta() == GradientPlan.Theta.GRADIENT) {
      sensitivity.put("by_parameter", byParameter());
    }
    return sensitivity;
  }

  private static List<Map<String, Object>> largest(Dataset<Row> norms) {
    return norms
        .where(col("norm").isNotNull())
        .orderBy(col("norm").desc(), col(TRAJECTORY_ID))
        .select(TRAJECTORY_ID, "norm")
        .limit(RANKED)
        .collectAsList()
        .stream()
        .map(GradientSummary::named)
        .toList();
  }

  private List<Map<String, Object>> byParameter() {
    List<String> names = plan.file().field().parameterNames();
    List<Map<String, Object>> ranked = new ArrayList<>();
    for (ThetaSensitivity.Parameter parameter : ThetaSensitivity.of(results, RANKED, PULLS)) {
      Map<String, Object> values = new LinkedHashMap<>();
      values.put("parameter", names.get(parameter.index()));
      values.put("rms_gradient", parameter.rms());
      values.put(
          "trajectories",
          parameter.pulls().stream()
              .map(
                  pull -> {
                    Map<String, Object> one = new LinkedHashMap<>();
                    one.put(TRAJECTORY_ID, pull.trajectoryId());
                    one.put("gradient", pull.gradient());
                    return one;
                  })
              .toList());
      ranked.add(values);
    }
    return ranked;
  }

  private static Map<String, Object> named(Row row) {
    Map<String, Object> named = new LinkedHashMap<>();
    for (String name : row.schema().fieldNames()) {
      named.put(name, row.getAs(name));
    }
    return named;
  }
}
