package io.gradlens.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gradlens.field.FieldFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Option {@code --engine}: both engines behind every command. */
class EngineTest {
  private static final double CLOSE = 1e-10;

  private TrajectoryWorkspace work;
  private Path field;

  @BeforeEach
  void prepare(@TempDir Path folder) throws Exception {
    work = new TrajectoryWorkspace(folder);
    field = work.network();
  }

  private Map<String, Row> gradients(Path table, String engine) throws IOException {
    String[] options = {"--grad-theta", "--fd-check", "0.2", "--overwrite", "--engine", engine};
    int status =
        work.run(
            "ode-gradients",
            "--field",
            field,
            "--trajectories",
            table,
            TrajectoryWorkspace.TOLERANCES,
            options);
    assertThat(status).as(work.err).isZero();
    assertThat(engine()).isEqualTo(engine);
    return work.rows("trajectory_gradients");
  }

  private String engine() throws IOException {
    return work.json("run.json").at("/configuration/engine").asText();
  }

  @Test
  void gradientsAreThoseOfTheOtherEngine() throws Exception {
    List<Row> rows = new ArrayList<>(TrajectoryWorkspace.trajectories(30));
    rows.add(TrajectoryWorkspace.row("bad", new double[] {0, 1}, new double[2], new double[2]));
    ((List<double[]>) rows.get(30).<List<double[]>>getAs(2)).get(0)[1] = Double.NaN;
    Path table = work.nested("data", rows, 2);

    Map<String, Row> expected = gradients(table, "java");
    Map<String, Row> actual = gradients(table, "nd4j");

    assertThat(actual).hasSize(31).containsOnlyKeys(expected.keySet());
    int checked = 0;
    for (Row row : actual.values()) {
      Row other = expected.get(row.<String>getAs("trajectory_id"));
      for (String same :
          "status message nfe_forward nfe_backward steps_accepted steps_rejected".split(" ")) {
        assertThat(row.<Object>getAs(same)).as(same).isEqualTo(other.getAs(same));
      }
      if (row.<String>getAs("status").equals("SUCCESS")) {
        for (String numbers : "y_final grad_y0 grad_theta grad_t".split(" ")) {
          assertThat(TrajectoryWorkspace.numbers(row, numbers))
              .as(numbers)
              .usingComparatorWithPrecision(CLOSE)
              .containsExactly(TrajectoryWorkspace.numbers(other, numbers));
        }
        assertThat(row.<Double>getAs("loss")).isCloseTo(other.getAs("loss"), within(CLOSE));
      }
      if (!row.isNullAt(row.fieldIndex("fd_relative_error"))) {
        checked++;
        assertThat(row.<Double>getAs("fd_relative_error")).isLessThan(1e-6);
      }
    }
    assertThat(checked).isPositive();
  }

  @Test
  void solutionsAreThoseOfTheOtherEngine() throws Exception {
    Path initial = work.write("initial.csv", "trajectory_id,y1,y2\na,1,0\nb,0,2\nbad,,1\n");
    List<List<double[]>> solutions = new ArrayList<>();
    for (String engine : List.of("java", "nd4j")) {
      String[] options = {"--times", "0:3:7", "--overwrite", "--engine", engine};
      int status =
          work.run(
              "ode-solve",
              "--field",
              field,
              "--initial",
              initial,
              TrajectoryWorkspace.TOLERANCES,
              options);
      assertThat(status).as(work.err).isZero();
      List<double[]> states = new ArrayList<>();
      for (String id : List.of("a", "b")) {
        Row row = work.rows("solutions").get(id);
        row.<scala.collection.Seq<Double>>getList(row.fieldIndex("y"))
            .forEach(y -> states.add(new double[] {y.apply(0), y.apply(1)}));
      }
      assertThat(work.rows("solutions").get("bad").<String>getAs("status"))
          .isEqualTo("BAD_INITIAL");
      solutions.add(states);
    }
    for (int i = 0; i < 14; i++) {
      assertThat(solutions.get(1).get(i))
          .usingComparatorWithPrecision(CLOSE)
          .containsExactly(solutions.get(0).get(i));
    }
  }

  @Test
  void trainingLearnsTheSame() {
    Path table = work.nested("data", TrajectoryWorkspace.trajectories(20), 3);
    List<double[]> learned = new ArrayList<>();
    for (String engine : List.of("java", "nd4j")) {
      for (String place : List.of("driver", "executors")) {
        String[] options = {
          "--rtol", "1e-5", "--atol", "1e-7", "--iterations", "5", "--learning-rate", "0.01"
        };
        String[] where = {"--train-on", place, "--engine", engine, "--overwrite"};
        int status =
            work.run("ode-train", "--field", field, "--trajectories", table, options, where);
        assertThat(status).as(work.err).isZero();
        learned.add(FieldFile.read(work.output.resolve("field.json")).field().theta());
      }
    }
    assertThat(learned.get(0)).isNotEqualTo(FieldFile.read(field).field().theta());
    assertThat(learned.get(2)).usingComparatorWithPrecision(1e-8).containsExactly(learned.get(0));
    assertThat(learned.get(3)).containsExactly(learned.get(2));
  }

  @Test
  void wideNetworksGoToNd4jByThemselves() throws Exception {
    Path wide =
        work.write(
            "wide.conf",
            "type = mlp, dim = 512, hidden = [512], activation = relu, precision = float32,"
                + " initial { distribution = glorot, seed = 4 }");
    double[] y0 = new double[512];
    y0[3] = 1;
    StructType schema = new StructType().add("trajectory_id", "long").add("y0", "array<double>");
    Path initial = work.folder.resolve("initial");
    Workspace.spark()
        .createDataFrame(List.of(RowFactory.create(7L, y0)), schema)
        .write()
        .parquet(initial.toString());
    String[] times = {"--times", "0:1:2"};
    String[] tolerances = {"--rtol", "1e-3", "--atol", "1e-4"};

    int status = work.run("ode-solve", "--field", wide, "--initial", initial, times, tolerances);

    assertThat(status).as(work.err).isZero();
    assertThat(engine()).isEqualTo("nd4j");
    assertThat(work.rows("solutions").get("7").<String>getAs("status")).isEqualTo("SUCCESS");
  }

  @ParameterizedTest
  @CsvSource({
    "--engine gpu, Engine 'gpu' is not known; choose java+ nd4j or auto.",
    "--engine nd4j --adjoint backsolve, its adjoint is discrete+ not backsolve",
    "--engine nd4j --solver kvaerno5, it has the explicit Runge–Kutta methods+ not kvaerno5",
    "--engine nd4j --field turn, it solves fields of type mlp+ not linear",
    "--engine nd4j --events end, it finds no events and no jumps"
  })
  void whatItCannotDoIsSaid(String options, String message) throws Exception {
    Path turn = work.write("turn.conf", "type = linear, matrix = [[0, -1], [1, 0]]");
    Path end = work.write("end.conf", "events = [{ root = \"y1\", terminal = true }]");
    Path table = work.nested("data", TrajectoryWorkspace.trajectories(2), 1);
    String[] all =
        options.replace("turn", turn + "").replace("events end", "events " + end).split(" ");
    List<Object> command = new ArrayList<>(List.of("--trajectories", table));
    if (!options.contains("--field")) {
      command.addAll(List.of("--field", field));
    }
    command.add(all);
    command.add(TrajectoryWorkspace.TOLERANCES);

    assertThat(work.run("ode-gradients", command.toArray())).isEqualTo(2);

    assertThat(work.err).contains(message.replace('+', ',')).hasLineCount(1);
  }
}
