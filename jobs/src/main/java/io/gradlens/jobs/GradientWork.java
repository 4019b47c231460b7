package io.gradlens.jobs;

import io.gradlens.trajectory.GradientPlan;
import io.gradlens.trajectory.InitialTable;
import io.gradlens.trajectory.Tally;
import io.gradlens.trajectory.TrajectoryGradients;
import io.gradlens.trajectory.TrajectorySchemas;
import io.gradlens.trajectory.TrajectoryTable;
import io.gradlens.udf.Digests;
import io.gradlens.udf.RunIdentity;
import io.gradlens.udf.Settings;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** What {@code ode-gradients} does with trajectories. */
final class GradientWork implements TrajectoryWork<TrajectoryTable> {

  private final OdeGradientsCommand command;
  private final GradientPlan plan;
  private final Configuration hadoop;
  private final TableFiles files;
  private final TableFiles initial;

  GradientWork(OdeGradientsCommand command, GradientPlan plan, Configuration hadoop) {
    this.command = command;
    this.plan = plan;
    this.hadoop = hadoop;
    files = TableFiles.of("Trajectories", command.trajectories, hadoop);
    initial =
        command.initial == null ? null : TableFiles.of("Initial states", command.initial, hadoop);
  }

  @Override
  public String command() {
    return "ode-gradients";
  }

  @Override
  public String verb() {
    return "differentiated";
  }

  @Override
  public String table() {
    return "trajectory_gradients";
  }

  @Override
  public StructType schema() {
    return TrajectorySchemas.GRADIENTS;
  }

  @Override
  public Settings settings() {
    var settings = new TreeMap<>(command.run.settings());
    settings.put(
        "trajectories", command.run.location("trajectories", command.trajectories, hadoop));
    settings.put(
        "initial",
        command.initial == null
            ? "first row"
            : command.run.location("initial states", command.initial, hadoop));
    return plan.settings().with(settings);
  }

  @Override
  public String fieldSha256() {
    return Digests.sha256(plan.file().canonical());
  }

  @Override
  public long ignored() {
    return files.ignored();
  }

  @Override
  public InputShards<TrajectoryTable> inputs(SparkSession spark) {
    Dataset<Row> rows = files.read(spark);
    TrajectoryTable all = table(rows);
    Function<TrajectoryTable, TrajectoryTable> start = table -> table;
    if (initial != null) {
      InitialTable states =
          InitialTable.of(initial.read(spark), initial.location(), plan.file().field().observed());
      InputShards.checkUnique(states.ids(), initial.location());
      start = table -> table.startingAt(states);
    }
    Function<TrajectoryTable, TrajectoryTable> started = start;
    int size = command.run.shardSize(TrajectoryJob.TRAJECTORIES_A_SHARD);
    if (all.isLong()) {
      return InputShards.byIds(started.apply(all), command.run.limit(), size);
    }
    long limit = command.run.limit();
    InputShards.checkUnique(table(files.first(rows, limit)).ids(), files.location());
    return InputShards.byRows(spark, files, part -> started.apply(table(part)), limit, size);
  }

  private TrajectoryTable table(Dataset<Row> rows) {
    return TrajectoryTable.of(rows, files.location(), plan.file().field().observed());
  }

  @Override
  public Dataset<Row> results(TrajectoryTable inputs, RunIdentity run, Tally tally) {
    return TrajectoryGradients.of(inputs, plan, run, tally);
  }

  @Override
  public Map<String, Object> summary(Dataset<Row> results, RunRecord record) {
    Map<String, Object> summary = new GradientSummary(results, plan).values();
    if (summary.get("gradient_check") instanceof Map<?, ?> check) {
      record.worstFdRelativeError = (Double) check.get("largest");
      record.fdThreshold = command.fdThreshold;
    }
    return summary;
  }

  @Override
  public Map<String, String> highlights(Map<String, Object> summary) {
    return GradientSummary.highlights(summary);
  }

  @Override
  public String breach(RunRecord record) {
    record.fdThreshold = command.fdThreshold;
    if (!record.isBreached()) {
      return null;
    }
    return "a gradient differs from central differences by %s, more than --fd-threshold %s allows; everything is written."
        .formatted(record.worstFdRelativeError, command.fdThreshold);
  }
}
