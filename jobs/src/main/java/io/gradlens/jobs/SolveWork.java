package io.gradlens.jobs;

import static io.gradlens.trajectory.TrajectorySchemas.EVENTS;
import static io.gradlens.trajectory.TrajectorySchemas.NFE;
import static io.gradlens.trajectory.TrajectorySchemas.STEPS_ACCEPTED;
import static io.gradlens.trajectory.TrajectorySchemas.STEPS_REJECTED;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sum;

import io.gradlens.trajectory.InitialTable;
import io.gradlens.trajectory.SolvePlan;
import io.gradlens.trajectory.Tally;
import io.gradlens.trajectory.TrajectorySchemas;
import io.gradlens.trajectory.TrajectorySolves;
import io.gradlens.udf.Digests;
import io.gradlens.udf.RunIdentity;
import io.gradlens.udf.Settings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** What {@code ode-solve} does with initial states. */
final class SolveWork implements TrajectoryWork<InitialTable> {

  private final OdeSolveCommand command;
  private final SolvePlan plan;
  private final Configuration hadoop;
  private final TableFiles files;

  SolveWork(OdeSolveCommand command, SolvePlan plan, Configuration hadoop) {
    this.command = command;
    this.plan = plan;
    this.hadoop = hadoop;
    files = TableFiles.of("Initial states", command.initial, hadoop);
  }

  @Override
  public String command() {
    return "ode-solve";
  }

  @Override
  public String verb() {
    return "solved";
  }

  @Override
  public String table() {
    return "solutions";
  }

  @Override
  public StructType schema() {
    return TrajectorySchemas.SOLUTIONS;
  }

  @Override
  public Settings settings() {
    var settings = new TreeMap<>(command.run.settings());
    settings.put("initial", command.run.location("initial states", command.initial, hadoop));
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
  public InputShards<InitialTable> inputs(SparkSession spark) {
    Dataset<Row> rows = files.read(spark);
    int size = command.run.shardSize(TrajectoryJob.TRAJECTORIES_A_SHARD);
    long limit = command.run.limit();
    if (files.isCsv()) {
      InitialTable all = table(rows);
      InputShards.checkUnique(all.ids(), files.location());
      return InputShards.byIds(all, limit, size);
    }
    InputShards.checkUnique(table(files.first(rows, limit)).ids(), files.location());
    return InputShards.byRows(spark, files, this::table, limit, size);
  }

  private InitialTable table(Dataset<Row> rows) {
    return InitialTable.of(rows, files.location(), plan.file().field().observed());
  }

  @Override
  public Dataset<Row> results(InitialTable inputs, RunIdentity run, Tally tally) {
    return TrajectorySolves.of(inputs, plan, run, tally);
  }

  @Override
  public Map<String, Object> summary(Dataset<Row> results, RunRecord record) {
    Row means =
        results
            .agg(avg(NFE), avg(STEPS_ACCEPTED), avg(STEPS_REJECTED), sum(size(col(EVENTS))))
            .first();
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("mean_nfe", means.get(0));
    summary.put("mean_steps_accepted", means.get(1));
    summary.put("mean_steps_rejected", means.get(2));
    summary.put("events", means.get(3));
    return summary;
  }

  @Override
  public Map<String, String> highlights(Map<String, Object> summary) {
    return plan.file().events().isEmpty()
        ? Map.of()
        : Map.of("events", String.valueOf(summary.get("events")));
  }

  @Override
  public String breach(RunRecord record) {
    return null;
  }
}
