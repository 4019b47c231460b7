package io.gradlens.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.gradlens.field.FieldFile;
import io.gradlens.trajectory.TrajectorySchemas;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What options change: checks, adjoints, losses, precision, events. */
class OdeGradientsOptionsTest {

  private static final String TABLE = "trajectory_gradients";

  private TrajectoryWorkspace work;
  private Path field;

  @BeforeEach
  void prepare(@TempDir Path folder) throws Exception {
    work = new TrajectoryWorkspace(folder);
    field = work.network();
  }

  @Test
  void sampleIsCheckedAgainstDifferencesAndRanked() throws Exception {
    Path table = work.nested("data", TrajectoryWorkspace.trajectories(60), 2);

    int status = gradients(table, "--fd-check", "0.3", "--grad-theta", "--fd-threshold", "1e-7");

    assertThat(status).as(work.err).isZero();
    Map<String, Row> rows = work.rows(TABLE);
    int at = TrajectorySchemas.GRADIENTS.fieldIndex("fd_relative_error");
    List<Row> checked = rows.values().stream().filter(row -> !row.isNullAt(at)).toList();
    assertThat(checked).hasSizeBetween(8, 30).allMatch(row -> row.getDouble(at) < 1e-7);
    JsonNode summary = work.json("summary.json");
    assertThat(summary.at("/gradient_check/checked").asInt()).isEqualTo(checked.size());
    double largest = checked.stream().mapToDouble(row -> row.getDouble(at)).max().orElseThrow();
    assertThat(summary.at("/gradient_check/largest").asDouble()).isEqualTo(largest);
    assertThat(summary.at("/statuses/SUCCESS").asInt()).isEqualTo(60);

    JsonNode first = summary.at("/sensitivity/by_parameter/0");
    int parameter =
        FieldFile.read(field).field().parameterNames().indexOf(first.get("parameter").asText());
    double mean =
        rows.values().stream()
            .mapToDouble(row -> Math.pow(numbers(row, "grad_theta")[parameter], 2))
            .average()
            .orElseThrow();
    assertThat(first.get("rms_gradient").asDouble()).isCloseTo(Math.sqrt(mean), within(1e-9));
    double pull = first.at("/trajectories/0/gradient").asDouble();
    assertThat(rows.values())
        .allMatch(row -> Math.abs(numbers(row, "grad_theta")[parameter]) <= Math.abs(pull));

    assertThat(gradients(table, "--fd-check", "0.3", "--grad-theta", "--fd-threshold", "1e-17"))
        .as("the run is done, the threshold is another")
        .isEqualTo(ExitStatus.THRESHOLD_BREACHED);
    assertThat(work.err).contains("more than --fd-threshold 1.0E-17 allows").hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--adjoint backsolve --grad-theta             | 1e-5",
        "--adjoint discrete --loss huber              | 1e-8",
        "--adjoint discrete --solver kvaerno5         | 1e-7",
        "--loss gaussian-nll --sigma 0.5,2            | 1e-7"
      })
  void everyAdjointAndLossAgreesWithDifferences(String options, double tolerance) throws Exception {
    Path table = work.nested("data", TrajectoryWorkspace.trajectories(6), 1);
    List<String> all = new ArrayList<>(List.of(options.strip().split(" ")));
    all.addAll(List.of("--fd-check", "1", "--fd-threshold", "" + tolerance));

    assertThat(gradients(table, all.toArray(String[]::new))).as(work.err).isZero();

    assertThat(work.json("summary.json").at("/gradient_check/checked").asInt()).isEqualTo(6);
  }

  @Test
  void singlePrecisionAndAugmentedStatesAreCheckedToo() throws Exception {
    field =
        work.write(
            "float.conf",
            "type = mlp, dim = 3, augmented = 1, hidden = [8], activation = tanh, time = true,"
                + " precision = float32, initial { distribution = glorot, seed = 4 }");
    Path table = work.nested("data", TrajectoryWorkspace.trajectories(6), 1);

    assertThat(
            gradients(
                table,
                "--fd-check",
                "1",
                "--fd-threshold",
                "1e-2",
                "--rtol",
                "1e-4",
                "--atol",
                "1e-5"))
        .as(work.err)
        .isZero();

    assertThat(work.rows(TABLE).values())
        .allMatch(row -> numbers(row, "grad_y0").length == 2)
        .allMatch(row -> numbers(row, "y_final").length == 2);
  }

  @Test
  void eventsEndWhatIsComparedAndGradientsGoThroughRestarts() throws Exception {
    field =
        work.write(
            "ball.conf",
            "type = expression, formulas = \"dx = v; dv = -g\", parameters { g = 9.8 },"
                + " events = [{ root = \"x - 0.2\", direction = falling,"
                + " restart { v = \"-0.8*v\" } }, { root = \"t - 3\", terminal = true }]");
    double[] t = {0, 1, 2, 4};
    double[] zero = {0, 0};
    double h = 1e-5;
    List<Row> data = new ArrayList<>();
    for (double start : new double[] {10 - h, 10, 10 + h}) {
      data.add(TrajectoryWorkspace.row("" + start, t, new double[] {start, 0}, zero, zero, zero));
    }

    assertThat(gradients(work.nested("data", data, 1), "--grad-theta")).as(work.err).isZero();

    Map<String, Row> rows = work.rows(TABLE);
    Row middle = rows.get("10.0");
    assertThat(middle.<String>getAs("status")).isEqualTo("TERMINATED");
    double more = rows.get("" + (10 + h)).<Double>getAs("loss");
    double less = rows.get("" + (10 - h)).<Double>getAs("loss");
    // The first state is its own target, so that it does not count.
    assertThat(numbers(middle, "grad_y0")[0]).isCloseTo((more - less) / (2 * h), within(1e-3));
    assertThat(numbers(middle, "grad_theta")).hasSize(1);
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
