package io.gradlens.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradlens.trajectory.TrajectorySchemas;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OdeSolveCommandTest {

  private static final String TABLE = "solutions";

  private TrajectoryWorkspace work;

  @BeforeEach
  void prepare(@TempDir Path folder) {
    work = new TrajectoryWorkspace(folder);
  }

  @Test
  void solutionsAreThoseOfTheClosedForm() throws Exception {
    Path field = work.write("turn.conf", "type = linear, matrix = [[0, -1], [1, 0]]");
    Path initial = work.write("initial.csv", "trajectory_id,y1,y2\na,1,0\nb,0,2\nbad,,1\n");

    assertThat(solve(field, initial, "0:6:13")).as(work.err).isZero();

    Map<String, Row> rows = work.rows(TABLE);
    Row b = rows.get("b");
    assertThat(b.schema().fieldNames()).containsExactly(TrajectorySchemas.SOLUTIONS.fieldNames());
    double[] t = TrajectoryWorkspace.numbers(b, "t");
    assertThat(t).hasSize(13).contains(0, 0.5, 6);
    List<scala.collection.Seq<Double>> y = b.getList(b.fieldIndex("y"));
    for (int i = 0; i < t.length; i++) {
      assertThat(y.get(i).apply(0)).isCloseTo(-2 * Math.sin(t[i]), within(1e-7));
      assertThat(y.get(i).apply(1)).isCloseTo(2 * Math.cos(t[i]), within(1e-7));
    }
    assertThat(b.<Double>getAs("t_reached")).isEqualTo(6);
    assertThat(b.getList(b.fieldIndex("events"))).isEmpty();
    assertThat(rows.get("bad").<String>getAs("status")).isEqualTo("BAD_INITIAL");
    assertThat(work.record().counts.failed()).isEqualTo(1);
    assertThat(work.out).contains("Solved 2 of 3 trajectories");
  }

  @Test
  void ballBouncesByFormulas() throws Exception {
    Path field =
        work.write(
            "ball.conf",
            """
            type = expression
            formulas = "dx = v; dv = -g"
            parameters { g = 9.8 }
            events = [{ root = "x - 0.2", direction = falling, restart { v = "-0.8*v" } }]
            """);
    Path initial = work.write("initial.csv", "trajectory_id,y1,y2\nball,10,0\n");

    assertThat(solve(field, initial, "0:9:4")).as(work.err).isZero();

    Row ball = work.rows(TABLE).get("ball");
    List<Row> bounces = ball.getList(ball.fieldIndex("events"));
    assertThat(bounces.stream().mapToDouble(hit -> hit.<Double>getAs("t")).toArray())
        .usingComparatorWithPrecision(1e-7)
        .containsExactly(1.4142135624, 3.6769552622, 5.4871486220, 6.9353033099, 8.0938270602);
    Row first = bounces.get(0);
    assertThat(TrajectoryWorkspace.numbers(first, "after")[1])
        .isEqualTo(-0.8 * TrajectoryWorkspace.numbers(first, "before")[1]);
    assertThat(work.json("summary.json").get("events").asInt()).isEqualTo(5);

    Path until = work.write("until.conf", "events = [{ root = \"v + 1\", terminal = true }]");
    assertThat(solve(field, initial, "0:9:4", "--events", until.toString(), "--overwrite"))
        .isZero();
    Row ended = work.rows(TABLE).get("ball");
    assertThat(ended.<String>getAs("status")).isEqualTo("TERMINATED");
    assertThat(ended.<Double>getAs("t_reached")).isCloseTo(1 / 9.8, within(1e-9));
    assertThat(work.record().counts.ok()).isEqualTo(1);
  }

  @Test
  void solutionsAreTrajectoriesThemselves() throws Exception {
    Path field = work.network();
    Path initial = work.folder.resolve("initial");
    List<Row> states =
        List.of(
            RowFactory.create(7L, new double[] {1, 0}), RowFactory.create(8L, new double[] {0, 1}));
    StructType schema = new StructType().add("trajectory_id", "long").add("y0", "array<double>");
    Workspace.spark().createDataFrame(states, schema).write().parquet(initial.toString());
    Path times = work.write("times.txt", "0\n0.5\n2\n");
    assertThat(solve(field, initial, times.toString())).as(work.err).isZero();
    assertThat(work.rows(TABLE)).containsOnlyKeys("7", "8");

    Path gradients = work.folder.resolve("gradients");
    int status =
        work.gradlens(
            "ode-gradients",
            "--field",
            field.toString(),
            "--trajectories",
            work.output.resolve(TABLE).toString(),
            "--rtol",
            "1e-8",
            "--atol",
            "1e-10",
            "--master",
            "local[2]",
            "--output",
            gradients.toString());

    assertThat(status).as(work.err).isZero();
    Workspace.spark()
        .read()
        .parquet(gradients.resolve("trajectory_gradients").toString())
        .collectAsList()
        .forEach(row -> assertThat(row.<Double>getAs("loss")).as(row.toString()).isZero());
  }

  @Test
  void everySolverSolves() throws Exception {
    Path field = work.write("decay.conf", "type = expression, formulas = \"dx = -x\"");
    Path initial = work.write("initial.csv", "trajectory_id,y1\na,1\n");
    for (String solver : "dopri5 tsit5 dop853 bosh3 fehlberg2 kvaerno3 kvaerno5".split(" ")) {
      requireDecay(field, initial, solver, "--rtol", "1e-6", "--atol", "1e-8");
    }
    for (String solver : "rk4 rk38 heun midpoint adams-moulton dopri5".split(" ")) {
      requireDecay(field, initial, solver, "--step", "0.01");
    }
  }

  private void requireDecay(Path field, Path initial, String... options) throws Exception {
    String[] all = {"--overwrite", "--solver"};
    int status =
        work.run(
            "ode-solve", "--field", field, "--initial", initial, "--times", "0:1:2", all, options);
    assertThat(status).as(options[0] + work.err).isZero();
    Row row = work.rows(TABLE).get("a");
    List<scala.collection.Seq<Double>> y = row.getList(row.fieldIndex("y"));
    assertThat(y.get(1).apply(0))
        .as(Arrays.toString(options))
        .isCloseTo(Math.exp(-1), within(1e-4));
  }

  private int solve(Path field, Path initial, String times, String... options) {
    return work.run(
        "ode-solve",
        "--field",
        field,
        "--initial",
        initial,
        "--times",
        times,
        TrajectoryWorkspace.TOLERANCES,
        options);
  }
}
