package io.gradlens.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What users get wrong: one line, and nothing is written. */
class TrajectoryMistakesTest {

  private TrajectoryWorkspace work;

  @BeforeEach
  void prepare(@TempDir Path folder) throws Exception {
    work = new TrajectoryWorkspace(folder);
    work.network();
    work.write("data.csv", "trajectory_id,t,y1,y2\na,0,1,2\na,1,0.5,1\n");
    work.write("initial.csv", "trajectory_id,y1,y2\na,1,2\n");
    work.write("bad.conf", "type = sir\n  betta = 1\n");
    work.write("ball.conf", "events = [{ root = y1, terminal = true }]");
    work.write("wrong.conf", "events = [{ root = \"q*y1\" }]");
    work.write("narrow.csv", "trajectory_id,t,y1\na,0,1\n");
    work.write("other.csv", "id,time,x\na,0,1\n");
    work.write("twice.csv", "trajectory_id,y1,y2\na,1,2\na,1,2\n");
    work.write("junk.parquet", "no table");
    work.write("times.txt", "0\none\n");
    Files.createDirectory(work.folder.resolve("empty"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--rtol 1e-6                            | --rtol and --atol; there is no default; 1e-8",
        "--solver rk4                           | rk4 takes steps of one size; --step",
        "--solver rk4 --rtol 1 --atol 1         | rk4 takes steps of one size; --step",
        "--solver rk5 --rtol 1 --atol 1         | 'rk5' is not known; dopri5; adams-moulton",
        "--rtol 1 --atol 1 --step 1             | not both",
        "--rtol -1 --atol 1                     | above 0; -1.0",
        "--step 0                               | above 0",
        "--step 1 --max-steps 0                 | number of steps",
        "--step 1 --step-control mine           | 'mine'; per-trajectory or shared",
        "--step 1 --step-control shared         | --allow-partition-dependent",
        "--step 1 --loss l2                     | 'l2'; mse, mae, huber, gaussian-nll",
        "--step 1 --loss huber --huber-delta 0  | delta",
        "--step 1 --loss gaussian-nll --sigma 1,x     | '1,x'",
        "--step 1 --loss gaussian-nll --sigma 1,2,3   | 3 numbers; 2 components",
        "--step 1 --adjoint forward             | 'forward'; discrete or backsolve",
        "--step 1 --solver kvaerno5 --adjoint backsolve | DiscreteAdjoint",
        "--step 1 --solver adams-moulton        | BacksolveAdjoint",
        "--step 1 --fd-check 2                  | from 0 to 1; 2.0",
        "--step 1 --fd-check 1 --loss mae       | mae; huber",
        "--step 1 --fd-check 1 --events ball.conf     | events",
        "--step 1 --fd-threshold 1              | --fd-check",
        "--step 1 --field bad.conf              | bad.conf, line 2, column 3; 'betta'",
        "--step 1 --field none.conf             | none.conf",
        "--step 1 --events wrong.conf           | wrong.conf, line 1, column 13; 'q'",
        "--step 1 --trajectories none           | none",
        "--step 1 --trajectories empty          | .parquet or .csv",
        "--step 1 --trajectories narrow.csv     | t double, y1 double; trajectory_id, t, y1, y2",
        "--step 1 --trajectories other.csv      | id string; array<array<double>>",
        "--step 1 --trajectories junk.parquet   | junk.parquet cannot be read; not a Parquet file",
        "--step 1 --initial other.csv           | id string; y0 array<double>",
        "--step 1 --initial twice.csv           | 'a' 2 times",
        "--step 1 --limit 0                     | --limit",
        "--step 1 --retry-failures              | --overwrite",
        "--step 1 --rtol many                   | many"
      })
  void gradientsExitWithTwoAndOneLine(String options, String words) {
    List<String> given = arguments(options);
    if (!given.contains("--field")) {
      given.addAll(List.of("--field", file("network.conf")));
    }
    if (!given.contains("--trajectories")) {
      given.addAll(List.of("--trajectories", file("data.csv")));
    }

    assertThat(work.run("ode-gradients", (Object) given.toArray(String[]::new)))
        .as(work.err)
        .isEqualTo(ExitStatus.BAD_INPUT);

    assertThat(work.err).startsWith("gradlens: ").hasLineCount(1).contains(words.split("; "));
    assertThat(work.output.resolve("run.json")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--times 0:1:1                  | 2 to 100000000",
        "--times 1:1:5                  | strictly increase",
        "--times 0..1                   | 0..1",
        "--times times.txt              | 'one'",
        "--times 0:1:2 --initial twice.csv     | 'a' 2 times",
        "--times 0:1:2 --initial data.csv --field narrow.csv | narrow.csv, line 1"
      })
  void solvesExitWithTwoAndOneLine(String options, String words) {
    List<String> given = arguments(options);
    if (!given.contains("--field")) {
      given.addAll(List.of("--field", file("network.conf")));
    }
    if (!given.contains("--initial")) {
      given.addAll(List.of("--initial", file("initial.csv")));
    }
    given.addAll(List.of("--step", "0.1"));

    assertThat(work.run("ode-solve", (Object) given.toArray(String[]::new)))
        .as(work.err)
        .isEqualTo(ExitStatus.BAD_INPUT);

    assertThat(work.err).startsWith("gradlens: ").hasLineCount(1).contains(words.split("; "));
  }

  /** A resume could not tell them apart, and a reader of the results neither. */
  @Test
  void idsOfANestedTableAreThereOnce() {
    List<Row> rows = new ArrayList<>(TrajectoryWorkspace.trajectories(40));
    rows.add(TrajectoryWorkspace.trajectory(7));
    Path table = work.nested("doubled", rows, 3);
    String[] options = {"--field", file("network.conf"), "--trajectories", table.toString()};

    assertThat(work.run("ode-gradients", options, TrajectoryWorkspace.TOLERANCES))
        .isEqualTo(ExitStatus.BAD_INPUT);

    assertThat(work.err).hasLineCount(1).contains("doubled", "'id-007' 2 times");
    assertThat(work.output.resolve("run.json")).doesNotExist();
  }

  /** Only what is computed has to have ids of its own. */
  @Test
  void idsBehindTheLimitDoNotMatter() {
    List<Row> rows = new ArrayList<>(TrajectoryWorkspace.trajectories(12));
    rows.add(TrajectoryWorkspace.trajectory(0));
    Path table = work.nested("doubled", rows.subList(0, 13), 1);
    Dataset<Row> sorted = Workspace.spark().read().parquet(table.toString());
    String first = sorted.first().getString(0);
    String[] options = {"--field", file("network.conf"), "--trajectories", table.toString()};

    assertThat(work.run("ode-gradients", options, TrajectoryWorkspace.TOLERANCES, "--limit", "1"))
        .as(work.err)
        .isZero();

    assertThat(work.rows("trajectory_gradients")).containsOnlyKeys(first);
  }

  @Test
  void sharedStepsRunWhereTheyAreAllowed() throws Exception {
    Path data = work.csv("many.csv", TrajectoryWorkspace.trajectories(9));

    assertThat(
            work.run(
                "ode-gradients",
                "--field",
                file("network.conf"),
                "--trajectories",
                data,
                "--step-control",
                "shared",
                "--allow-partition-dependent",
                TrajectoryWorkspace.TOLERANCES))
        .as(work.err)
        .isZero();

    assertThat(work.rows("trajectory_gradients").values())
        .allMatch(row -> row.<String>getAs("status").equals("SUCCESS"));
  }

  @Test
  void linesOfACsvFileThatAreNoNumbersAreSaid() throws Exception {
    Path data =
        work.write(
            "text.csv",
            "trajectory_id,t,y1,y2,label\n"
                + "a,0,1,2,x\na,1,,NaN,y\na,2,1,1,z\nb,0,1,2,x\nb,1,one,1,y\nc,0,1,1,x\nc,1,1\n");

    assertThat(
            work.run(
                "ode-gradients",
                "--field",
                file("network.conf"),
                "--trajectories",
                data,
                TrajectoryWorkspace.TOLERANCES))
        .as(work.err)
        .isZero();

    var rows = work.rows("trajectory_gradients");
    assertThat(rows.get("a").<String>getAs("status")).isEqualTo("SUCCESS");
    Row b = rows.get("b");
    assertThat(b.<String>getAs("status")).isEqualTo("NOT_A_NUMBER");
    assertThat(b.<String>getAs("message")).contains("'b,1,one,1,y'", "mend it");
    assertThat(rows.get("c").<String>getAs("status"))
        .as("what a line lacks was not observed")
        .isEqualTo("SUCCESS");
  }

  private List<String> arguments(String options) {
    List<String> given = new ArrayList<>();
    for (String word : options.strip().split(" ")) {
      given.add(Files.exists(work.folder.resolve(word)) ? file(word) : word);
    }
    return given;
  }

  private String file(String name) {
    return work.folder.resolve(name).toString();
  }
}
