package io.gradlens.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradlens.field.FieldFile;
import io.gradlens.ode.OdeSolve;
import io.gradlens.ode.StepSizeController;
import io.gradlens.ode.Tableaus;
import io.gradlens.ode.ThetaGradient;
import io.gradlens.ode.Trajectories;
import io.gradlens.ode.adjoint.DiscreteAdjoint;
import io.gradlens.ode.adjoint.Gradients;
import io.gradlens.ode.adjoint.Losses;
import io.gradlens.ode.adjoint.StepMemory;
import io.gradlens.trajectory.TrajectorySchemas;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OdeGradientsCommandTest {

  private static final String TABLE = "trajectory_gradients";

  private TrajectoryWorkspace work;
  private Path field;

  @BeforeEach
  void prepare(@TempDir Path folder) throws Exception {
    work = new TrajectoryWorkspace(folder);
    field = work.network();
  }

  @Test
  void rowsAreWhatTheAdjointGives() throws Exception {
    Path table = work.nested("data", TrajectoryWorkspace.trajectories(20), 3);

    int status = gradients(table, "--grad-theta");

    assertThat(status).as(work.err).isZero();
    Map<String, Row> rows = work.rows(TABLE);
    assertThat(rows).hasSize(20);
    OdeSolve solve =
        OdeSolve.with(Tableaus.named("dopri5"), StepSizeController.adaptive(1e-8, 1e-10));
    for (int i = 0; i < 20; i++) {
      Row given = TrajectoryWorkspace.trajectory(i);
      double[] ts = (double[]) given.get(1);
      List<double[]> ys = given.<List<double[]>>getAs(2);
      double[] targets = ys.stream().flatMapToDouble(Arrays::stream).toArray();
      Gradients expected =
          new DiscreteAdjoint(
                  solve,
                  FieldFile.read(field).field().build(),
                  ThetaGradient.SUM,
                  StepMemory.store())
              .gradient(Trajectories.of(2, ys.get(0), ts), Losses.meanSquared(targets));

      Row row = rows.get("id-%03d".formatted(i));
      assertThat(row.schema().fieldNames())
          .containsExactly(TrajectorySchemas.GRADIENTS.fieldNames());
      assertThat(row.<String>getAs("status")).isEqualTo("SUCCESS");
      assertThat(row.isNullAt(row.fieldIndex("message"))).isTrue();
      assertThat(row.<Double>getAs("loss")).isEqualTo(expected.loss());
      assertThat(numbers(row, "grad_y0")).isEqualTo(expected.gradY0(0));
      assertThat(numbers(row, "grad_t")).isEqualTo(expected.gradT(0));
      assertThat(numbers(row, "grad_theta")).isEqualTo(expected.gradTheta());
      assertThat(numbers(row, "y_final"))
          .containsExactly(
              expected.solution().y(0, ts.length - 1, 0),
              expected.solution().y(0, ts.length - 1, 1));
      assertThat(row.<Integer>getAs("nfe_forward")).isEqualTo(expected.solution().nfe(0));
      assertThat(row.<Integer>getAs("nfe_backward")).isPositive();
      assertThat(row.<Integer>getAs("steps_accepted"))
          .isEqualTo(expected.solution().stepsAccepted(0));
    }
  }

  @Test
  void rowsDoNotDependOnPartitionsShardsOrLayout() throws Exception {
    List<Row> data = TrajectoryWorkspace.trajectories(150);
    data.add(TrajectoryWorkspace.row("one-point", new double[] {1}, new double[] {1, 2}));
    Map<String, String> expected = null;
    String fingerprint = null;
    for (int partitions : new int[] {1, 2, 8, 64}) {
      Path table = work.nested("data" + partitions, data, partitions);
      int status =
          gradients(table, "--overwrite", "--grad-theta", "--shard-size", "" + (200 - partitions));
      assertThat(status).as(work.err).isZero();
      if (expected == null) {
        expected = work.content(TABLE);
        fingerprint = work.record().dataFingerprint;
        assertThat(expected).hasSize(151);
      }
      assertThat(work.content(TABLE)).as(partitions + " partitions").isEqualTo(expected);
      assertThat(work.record().dataFingerprint).isEqualTo(fingerprint);
    }
    Path csv = work.csv("long.csv", data);
    assertThat(gradients(csv, "--overwrite", "--grad-theta", "--shard-size", "40")).isZero();
    assertThat(work.content(TABLE)).as("long layout").isEqualTo(expected);
    assertThat(work.record().dataFingerprint).isEqualTo(fingerprint);
    assertThat(work.record().shards).isEqualTo(4);
  }

  @Test
  void badTrajectoriesAreRowsAndTheOthersAreUnharmed() throws Exception {
    double nan = Double.NaN;
    double[] t = {0, 1, 2};
    double[] y = {0.5, 0.5};
    List<Row> data = TrajectoryWorkspace.trajectories(3);
    data.add(TrajectoryWorkspace.row("no-point", new double[0]));
    data.add(TrajectoryWorkspace.row("one-point", new double[] {1}, y));
    data.add(TrajectoryWorkspace.row("unsorted", new double[] {0, 2, 1}, y, y, y));
    data.add(TrajectoryWorkspace.row("repeated", new double[] {0, 1, 1}, y, y, y));
    data.add(TrajectoryWorkspace.row("nan-time", new double[] {0, nan, 1}, y, y, y));
    data.add(TrajectoryWorkspace.row("dimension", t, y, new double[] {1}, y));
    data.add(TrajectoryWorkspace.row("count", t, y, y));
    data.add(TrajectoryWorkspace.row("all-nan", t, nans(), nans(), nans()));
    data.add(TrajectoryWorkspace.row("nan-y0", t, new double[] {1, nan}, y, y));
    data.add(TrajectoryWorkspace.row("infinite-y0", t, new double[] {1 / 0.0, 1}, y, y));
    data.add(TrajectoryWorkspace.row("gap", t, y, nans(), new double[] {nan, 1}));
    data.add(TrajectoryWorkspace.row("backwards", new double[] {2, 1, 0}, y, y, y));

    assertThat(gradients(work.nested("data", data, 2))).as(work.err).isZero();

    Map<String, Row> rows = work.rows(TABLE);
    assertThat(rows).hasSize(data.size());
    requireFlaw(rows, "no-point", "TOO_SHORT", "0 points");
    requireFlaw(rows, "one-point", "TOO_SHORT", "leave it out");
    requireFlaw(rows, "unsorted", "BAD_TIMES", "point 3 has 1.0 after 2.0");
    requireFlaw(rows, "repeated", "BAD_TIMES", "point 3 has 1.0 after 1.0");
    requireFlaw(rows, "nan-time", "BAD_TIMES", "point 2 has NaN");
    requireFlaw(rows, "dimension", "BAD_DIMENSION", "Point 2 has 1 components, the field takes 2");
    requireFlaw(rows, "count", "BAD_DIMENSION", "3 times and 2 states");
    requireFlaw(rows, "all-nan", "NO_OBSERVATIONS", "leave it out");
    requireFlaw(rows, "nan-y0", "BAD_INITIAL", "Component 2");
    requireFlaw(rows, "infinite-y0", "BAD_INITIAL", "Infinity");
    for (String sound : new String[] {"id-000", "id-001", "id-002", "gap", "backwards"}) {
      assertThat(rows.get(sound).<String>getAs("status")).as(sound).isEqualTo("SUCCESS");
      assertThat(rows.get(sound).<Double>getAs("loss")).as(sound).isFinite();
    }
    assertThat(work.record().counts.ok()).isEqualTo(5);
    assertThat(work.record().counts.failed()).isEqualTo(10);

    // The first states are their own targets; of the others one number is left.
    double y2 = numbers(rows.get("gap"), "y_final")[1];
    assertThat(rows.get("gap").<Double>getAs("loss")).isEqualTo((y2 - 1) * (y2 - 1) / 3);
    Map<String, String> all = work.content(TABLE);
    Path alone = work.nested("alone", TrajectoryWorkspace.trajectories(3), 1);
    assertThat(gradients(alone, "--overwrite")).isZero();
    assertThat(all).containsAllEntriesOf(work.content(TABLE));
  }

  @Test
  void fieldThatDivergesIsAStatusOfTheRow() throws Exception {
    field = work.write("diverging.conf", "type = expression, formulas = \"dx = x^2\"");
    double[] t = {0, 0.5, 2};
    double[] zero = {0};
    List<Row> data =
        List.of(
            TrajectoryWorkspace.row("to-infinity", t, new double[] {1}, zero, zero),
            TrajectoryWorkspace.row("to-zero", t, new double[] {-1}, zero, zero));

    assertThat(gradients(work.nested("data", data, 1))).as(work.err).isZero();

    Row failed = work.rows(TABLE).get("to-infinity");
    assertThat(failed.<String>getAs("status")).isIn("STEP_TOO_SMALL", "NON_FINITE", "MAX_STEPS");
    assertThat(failed.<String>getAs("message")).contains(":");
    assertThat(failed.isNullAt(failed.fieldIndex("loss"))).isTrue();
    assertThat(failed.isNullAt(failed.fieldIndex("grad_y0"))).isTrue();
    assertThat(failed.<Integer>getAs("nfe_forward")).isPositive();
    assertThat(numbers(work.rows(TABLE).get("to-zero"), "y_final")[0])
        .isCloseTo(-1.0 / 3, within(1e-7));
  }

  @Test
  void initialStatesComeFromATableWhereOneIsGiven() throws Exception {
    List<Row> data = TrajectoryWorkspace.trajectories(3);
    Path initial = work.write("initial.csv", "trajectory_id,y1,y2\nid-000,1,2\nid-001,0.5,\n");

    assertThat(gradients(work.nested("data", data, 1), "--initial", initial.toString()))
        .as(work.err)
        .isZero();

    Map<String, Row> rows = work.rows(TABLE);
    requireFlaw(rows, "id-001", "BAD_INITIAL", "Component 2 of its initial state is NaN");
    requireFlaw(rows, "id-002", "BAD_INITIAL", "has none for it");
    assertThat(rows.get("id-000").<String>getAs("status")).isEqualTo("SUCCESS");
    assertThat(rows.get("id-000").<Double>getAs("loss")).isPositive();
  }

  @Test
  void limitTakesTheFirstOnes() throws Exception {
    List<Row> data = TrajectoryWorkspace.trajectories(20);

    assertThat(gradients(work.csv("long.csv", data), "--limit", "7")).as(work.err).isZero();
    assertThat(work.rows(TABLE)).hasSize(7).containsKeys("id-000", "id-006");

    assertThat(gradients(work.nested("data", data, 3), "--limit", "7", "--overwrite")).isZero();
    assertThat(work.rows(TABLE)).hasSize(7);
  }

  private void requireFlaw(Map<String, Row> rows, String id, String status, String words) {
    Row row = rows.get(id);
    assertThat(row.<String>getAs("status")).as(id).isEqualTo(status);
    assertThat(row.<String>getAs("message")).as(id).contains(words);
    assertThat(row.isNullAt(row.fieldIndex("loss"))).as(id).isTrue();
  }

  private static double[] nans() {
    return new double[] {Double.NaN, Double.NaN};
  }

  private int gradients(Path table, String... options) {
    return work.run(
        "ode-gradients",
        "--field",
        field,
        "--trajectories",
        table,
        TrajectoryWorkspace.TOLERANCES,
        options);
  }

  private static double[] numbers(Row row, String column) {
    return TrajectoryWorkspace.numbers(row, column);
  }
}
