package io.gradlens.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradlens.field.FieldFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ode-train --loss elbo}. */
class LatentOdeTrainTest {
  private static final String LATENT =
      "type = mlp, dim = 3, hidden = [6], activation = elu, initial { distribution = glorot },"
          + " latent { observed = 2, encoder = 5, decoder = 4, seed = 2 }";

  private TrajectoryWorkspace work;
  private Path field;

  @BeforeEach
  void prepare(@TempDir Path folder) throws Exception {
    work = new TrajectoryWorkspace(folder);
    field = work.write("latent.conf", LATENT);
  }

  private int train(Object table, Object... more) {
    List<Object> options = new ArrayList<>();
    options.addAll(List.of("--field", field, "--trajectories", table));
    options.addAll(List.of("--rtol", "1e-5", "--atol", "1e-7", "--iterations", "12"));
    options.addAll(List.of("--loss", "elbo", "--sigma", "0.3", "--learning-rate", "0.01"));
    options.addAll(List.of(more));
    return work.run("ode-train", options.toArray());
  }

  private FieldFile learned() {
    return FieldFile.read(work.output.resolve("field.json"));
  }

  private void assertSameAs(FieldFile expected, String what) {
    assertThat(learned().field().theta()).as(what).isEqualTo(expected.field().theta());
    assertThat(learned().latent().theta()).as(what).isEqualTo(expected.latent().theta());
  }

  @Test
  void everythingIsWrittenAndCanBeLearnedFurther() throws Exception {
    Path table = work.nested("data", TrajectoryWorkspace.trajectories(20), 3);

    int status = train(table, "--validate-every", "4");

    assertThat(status).as(work.err).isZero();
    FieldFile before = FieldFile.read(field);
    FieldFile after = learned();
    assertThat(after.field().theta()).isNotEqualTo(before.field().theta());
    assertThat(after.latent().theta()).isNotEqualTo(before.latent().theta());
    for (String chart : List.of("loss.png", "error.png", "portrait.png")) {
      assertThat(ImageIO.read(work.output.resolve(chart).toFile()).getWidth()).isEqualTo(720);
    }
    assertThat(Files.readString(work.output.resolve("index.html")))
        .contains("mean square of predictions of whole trajectories")
        .doesNotContain("the truth");
    int parameters = before.field().theta().length + before.latent().theta().length;
    assertThat(work.out).contains("Trained %d parameters on 20 trajectories".formatted(parameters));

    field = Files.move(work.output, work.folder.resolve("first")).resolve("field.json");
    assertThat(train(table, "--iterations", "1")).as(work.err).isZero();
    assertThat(learned().latent().theta()).isNotEqualTo(after.latent().theta());
    double[] step = learned().latent().theta();
    for (int p = 0; p < step.length; p++) {
      assertThat(Math.abs(step[p] - after.latent().theta()[p])).isLessThan(0.0101);
    }
  }

  @Test
  void whereItRunsAndHowTheTableIsCutDoNotChangeABit() throws Exception {
    List<Row> rows = TrajectoryWorkspace.trajectories(30);
    Path csv = work.csv("long.csv", rows);
    String[] options = {"--block-size", "4", "--batch", "9", "--validation-fraction", "0.2"};
    assertThat(train(work.nested("one", rows, 1), (Object) options)).as(work.err).isZero();
    FieldFile expected = learned();
    Files.move(work.output, work.folder.resolve("driver"));
    for (String partitions : List.of("1", "2", "8")) {
      int status =
          train(csv, options, "--train-on", "executors", "--partitions", partitions, "--overwrite");
      assertThat(status).as(work.err).isZero();
      assertSameAs(expected, partitions + " partitions");
    }
  }

  @Test
  void resumedRunEndsAtTheSameBits() throws Exception {
    Path table = work.nested("data", TrajectoryWorkspace.trajectories(20), 2);
    assertThat(train(table, "--batch", "7", "--checkpoint-every", "5")).as(work.err).isZero();
    FieldFile expected = learned();
    work.pretendKilled();
    Files.writeString(work.output.resolve("checkpoints/latest"), "iteration-0000005\n");
    Files.delete(work.output.resolve("latent.safetensors"));
    Files.delete(work.output.resolve("field.json"));

    assertThat(train(table, "--batch", "7", "--checkpoint-every", "5")).as(work.err).isZero();

    assertThat(work.out).contains("Going on after iteration 5.");
    assertSameAs(expected, "resumed");
  }

  /** Trajectories whose truth is known are held out; the truth has times of its own. */
  @Test
  void predictionsAreHeldAgainstTheTruth() throws Exception {
    List<Row> rows = TrajectoryWorkspace.trajectories(20);
    Path table = work.nested("data", rows, 2);
    double[] start = (double[]) rows.get(3).get(1);
    double[] here = {0.5, 1};
    double[] half = {0.5, Double.NaN};
    List<Row> known =
        List.of(
            TrajectoryWorkspace.row("id-003", new double[] {start[0], start[0] + 4}, here, half),
            TrajectoryWorkspace.row("id-011", new double[] {9}, here));
    Path truth = work.nested("truth", known, 1);

    assertThat(train(table, "--truth", truth)).as(work.err).isZero();

    assertThat(work.out).containsPattern("less the truth: [0-9.]+, 2 trajectories\\.");
    assertThat(Files.readString(work.output.resolve("index.html"))).contains("2 trajectories");
    FieldFile expected = learned();
    Files.move(work.output, work.folder.resolve("with"));
    List<Row> others = new ArrayList<>(rows);
    others.removeIf(row -> row.getString(0).matches("id-003|id-011"));
    assertThat(train(work.nested("others", others, 2))).as(work.err).isZero();
    assertSameAs(expected, "held out");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "id-999 | 0 | Truth of 'id-999': there are no observations of it that could be learned from.",
        "id-004:id-004 | 9 | Truth has 2 trajectories of 1 ids: ids must differ.",
        "id-003 | -1 | Truth of 'id-003' begins at -1.0, before its first observation at ",
      })
  void truthHasToFit(String ids, double time, String message) throws Exception {
    Path table = work.nested("data", TrajectoryWorkspace.trajectories(5), 1);
    List<Row> truth =
        Arrays.stream(ids.split(":"))
            .map(each -> TrajectoryWorkspace.row(each, new double[] {time}, new double[] {1, 1}))
            .toList();

    int status = train(table, "--truth", work.nested("truth", truth, 1));

    assertThat(status).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(work.err).startsWith("gradlens: ").contains(message.strip()).hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--loss=mse | for a field with a section latent take --loss elbo",
        "--loss=nll | for a field with a section latent take --loss elbo",
        "--optimizer=lbfgs | Loss elbo draws states anew in every iteration",
        "--learn-initial | Option --learn-initial does nothing for --loss elbo",
        "--sigma=0.1,0.2 | Loss elbo takes one --sigma for all components, got '0.1,0.2'.",
        "--sigma=0 | Loss elbo: ",
        "--truth=data.csv --validation-fraction=0.1 | leave --validation-fraction out",
        "--truth=none.csv | none.csv",
        "--events=events.conf | Loss elbo takes no events",
        "--solver=adams-moulton --step=0.1 | Loss elbo: ",
      })
  void whatDoesNotGoTogetherIsOneLine(String options, String message) throws Exception {
    Path table = work.csv("data.csv", TrajectoryWorkspace.trajectories(3));
    Path events = work.write("events.conf", "events = [{ root = \"y1 - 1\", terminal = true }]");
    String given = options.strip().replace("events.conf", events.toString());
    List<Object> all = new ArrayList<>(List.of("--field", field, "--trajectories", table));
    all.addAll(List.of("--loss", "elbo"));
    if (!given.contains("--step")) {
      all.addAll(List.of("--rtol", "1e-5", "--atol", "1e-7"));
    }
    all.addAll(List.of(given.split(" ")));

    int status = work.run("ode-train", all.toArray());

    assertThat(status).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(work.err).startsWith("gradlens: ").contains(message.strip()).hasLineCount(1);
  }
}
