package io.gradlens.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradlens.field.FieldFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OdeTrainCommandTest {
  private TrajectoryWorkspace work;
  private Path field;

  @BeforeEach
  void prepare(@TempDir Path folder) throws Exception {
    work = new TrajectoryWorkspace(folder);
    field = work.network();
  }

  private int train(Object table, Object... more) {
    List<Object> options = new ArrayList<>();
    options.addAll(List.of("--field", field, "--trajectories", table));
    options.addAll(List.of("--rtol", "1e-5", "--atol", "1e-7", "--iterations", "12"));
    options.addAll(List.of(more));
    return work.run("ode-train", options.toArray());
  }

  private double[] theta() {
    return FieldFile.read(work.output.resolve("field.json")).field().theta();
  }

  private List<Row> history() {
    return Workspace.spark()
        .read()
        .parquet(work.output.resolve("history").toString())
        .orderBy("iteration")
        .collectAsList();
  }

  @Test
  void everythingIsWritten() throws Exception {
    Path table = work.nested("data", TrajectoryWorkspace.trajectories(20), 3);

    int status = train(table, "--validate-every", "4", "--checkpoint-every", "5");

    assertThat(status).as(work.err).isZero();
    assertThat(theta()).isNotEqualTo(FieldFile.read(field).field().theta());
    List<Row> history = history();
    assertThat(history).hasSize(12);
    assertThat(history.get(0).schema().fieldNames())
        .containsExactly("iteration", "loss", "validation_loss", "gradient_norm", "nfe", "seconds");
    assertThat(history.get(2).isNullAt(2)).isTrue();
    assertThat(history.get(11).getDouble(2)).isLessThan(history.get(3).getDouble(2));
    assertThat(history.get(11).getLong(4)).isPositive();
    for (String chart : List.of("loss.png", "portrait.png")) {
      assertThat(ImageIO.read(work.output.resolve(chart).toFile()).getWidth()).isEqualTo(720);
    }
    assertThat(Files.readString(work.output.resolve("index.html")))
        .contains("data:image/png;base64,", "iterations");
    assertThat(work.output.resolve("checkpoints/iteration-0000010")).exists();
    assertThat(work.record().status).isEqualTo(RunRecord.Status.DONE);
    assertThat(work.record().counts.ok()).isEqualTo(20);
    assertThat(work.record().dataFingerprint).hasSize(64);
    assertThat(work.record().trajectoriesPerSecond).isPositive();
    assertThat(work.out).contains("on 20 trajectories (0 left out): 12 iterations");

    assertThat(train(table, "--validate-every", "4", "--checkpoint-every", "5")).isZero();
    assertThat(work.out).contains("done already");
  }

  @Test
  void whereItRunsAndHowTheTableIsCutDoNotChangeABit() throws Exception {
    List<Row> rows = TrajectoryWorkspace.trajectories(30);
    Path one = work.nested("one", rows, 1);
    Path csv = work.csv("long.csv", rows);
    String[] options = {
      "--block-size", "4", "--batch", "9", "--validation-fraction", "0.2", "--overwrite"
    };
    assertThat(train(one, (Object) options)).as(work.err).isZero();
    double[] expected = theta();
    Object validation = history().get(11).get(2);
    for (int partitions : new int[] {1, 2, 8, 64}) {
      int status = train(csv, options, "--train-on", "executors", "--partitions", "" + partitions);
      assertThat(status).as(work.err).isZero();
      assertThat(theta()).as("%d partitions", partitions).isEqualTo(expected);
      assertThat(history().get(11).get(2)).isEqualTo(validation);
    }
  }

  /** Four trajectories take microseconds, a Spark job milliseconds. */
  @Test
  void schedulingThatTakesLongerThanComputationIsTold() throws Exception {
    Path table = work.csv("few.csv", TrajectoryWorkspace.trajectories(4));
    String[] options = {"--iterations", "25", "--overwrite"};

    assertThat(train(table, options, "--train-on", "executors")).as(work.err).isZero();
    assertThat(work.err)
        .containsOnlyOnce("% of the time of an iteration is scheduling, not computation");

    assertThat(train(table, options, "--train-on", "driver")).as(work.err).isZero();
    assertThat(work.err).doesNotContain("scheduling");
  }

  @Test
  void trajectoriesWithoutAnythingToLearnAreRowsWithTheirReasons() throws Exception {
    List<Row> rows = new ArrayList<>(TrajectoryWorkspace.trajectories(5));
    double[] here = {1, 1};
    double[] nowhere = {Double.NaN, 1};
    rows.add(TrajectoryWorkspace.row("one-point", new double[] {0}, here));
    rows.add(TrajectoryWorkspace.row("unsorted", new double[] {0, 2, 1}, here, here, here));
    rows.add(TrajectoryWorkspace.row("wide", new double[] {0, 1}, new double[3], new double[3]));
    rows.add(TrajectoryWorkspace.row("never", new double[] {0, 1}, nowhere, nowhere));
    Path table = work.nested("data", rows, 2);

    assertThat(train(table)).as(work.err).isZero();

    assertThat(
            work.rows("rejected").entrySet().stream()
                .map(e -> e.getKey() + " " + e.getValue().getString(1)))
        .containsExactly(
            "never BAD_INITIAL", "one-point TOO_SHORT", "unsorted BAD_TIMES", "wide BAD_DIMENSION");
    assertThat(work.record().counts.failed()).isEqualTo(4);

    Path nothing = work.nested("nothing", rows.subList(5, 9), 1);
    assertThat(train(nothing, "--overwrite")).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(work.err).contains("nothing to learn from", "4 that are left out");
  }

  /** Back-offs, then exit 2 with the history and a checkpoint of what was good last. */
  @Test
  void divergenceEndsWithALineAndTheLastGoodCheckpoint() throws Exception {
    field =
        work.write(
            "field.conf",
            "type = expression, formulas = \"dx = a*x*x; dy = -y\", parameters { a = 0.1 }");
    Path table =
        work.nested(
            "data",
            List.of(
                TrajectoryWorkspace.row(
                    "x", new double[] {0, 1}, new double[] {1, 1}, new double[] {900, 1})),
            1);

    int status = train(table, "--learning-rate", "1e6", "--optimizer", "sgd", "--iterations", "40");

    assertThat(status).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(work.err)
        .contains("going back a step, learning rate times 0.5")
        .contains("Training diverges at iteration 18, and 8 steps back did not help")
        .doesNotContain("\tat ");
    assertThat(work.record().status).isEqualTo(RunRecord.Status.FAILED);
    assertThat(history()).isNotEmpty();
    assertThat(Files.readString(work.output.resolve("checkpoints/latest"))).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--optimizer=adagrad | Optimizer 'adagrad' is not known; optimizers are: sgd",
        "--loss=rmse | Loss 'rmse' is not known; choose mse",
        "--schedule=linear | Schedule 'linear' is not known; choose constant",
        "--curriculum=ten | Option --curriculum takes points and iterations, as 10:500, got 'ten'",
        "--window=1 | A window needs at least 2 points, or 0 for whole trajectories; got 1.",
        "--iterations=0 | Training: expected 1 iteration or more, got 0.",
        "--learning-rate=-1 | Expected a finite learning rate above 0, got -1.0.",
        "--validation-fraction=1 | Option --validation-fraction must be at least 0 and below 1",
        "--train-on=gpu | Option --train-on takes auto, driver or executors, got 'gpu'.",
        "--early-stopping=3 --validate-every=0 | expected validations, for early stopping",
        "--optimizer=lbfgs --batch=5 | Optimizer lbfgs needs the same objective",
        "--optimizer=adam --momentum=0.9 | Optimizer 'adam' takes no momentum, got 0.9.",
        "--learn-initial --window=5 | Option --learn-initial learns from whole trajectories",
        "--learn-initial --train-on=executors | Option --learn-initial trains in the driver only",
        "--step-control=shared --allow-partition-dependent | Training takes --step-control per-trajectory",
        "--truth=data.csv | Option --truth is for --loss elbo",
        "--loss=elbo | Loss elbo needs a latent state: add latent {",
        "--partitions=0 | Option --partitions must be at least 1, got 0.",
        "--retry-failures | Option --retry-failures does nothing for ode-train",
      })
  void mistakesAreOneLineThatNamesThem(String options, String message) throws Exception {
    Path table = work.csv("data.csv", TrajectoryWorkspace.trajectories(3));

    int status = train(table, (Object) options.strip().split(" "));

    assertThat(status).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(work.err).startsWith("gradlens: ").contains(message.strip()).hasLineCount(1);
  }
}
