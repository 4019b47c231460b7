package io.gradlens.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrajectoryResumeTest {

  private static final String TABLE = "trajectory_gradients";

  private TrajectoryWorkspace work;
  private Path field;
  private List<Row> data;

  @BeforeEach
  void prepare(@TempDir Path folder) throws Exception {
    work = new TrajectoryWorkspace(folder);
    field = work.network();
    data = TrajectoryWorkspace.trajectories(30);
    data.add(TrajectoryWorkspace.row("one-point", new double[] {1}, new double[] {1, 2}));
  }

  @Test
  void killedRunEndsWithEveryTrajectoryOnce() throws Exception {
    for (Path table : List.of(work.nested("data", data, 4), work.csv("data.csv", data))) {
      assertThat(run(table, "--overwrite")).as(work.err).isZero();
      Map<String, String> whole = work.content(TABLE);
      String fingerprint = work.record().dataFingerprint;
      String runId = work.record().runId;
      loseEveryOtherFile();
      plantRubbish();
      work.pretendKilled();
      int left = work.rows(TABLE).size();
      assertThat(left).isLessThan(31);

      assertThat(run(table)).as(work.err).isZero();

      assertThat(work.content(TABLE)).isEqualTo(whole);
      RunRecord record = work.record();
      assertThat(record.attempt).isEqualTo(2);
      assertThat(record.runId).isEqualTo(runId);
      assertThat(record.counts).isEqualTo(new RunRecord.Counts(31, 30, 1, 0, left));
      assertThat(record.dataFingerprint).isEqualTo(fingerprint);
    }
  }

  @Test
  void doneRunIsLeftAlone() throws Exception {
    Path table = work.nested("data", data, 1);
    run(table);
    String end = work.record().end;

    assertThat(run(table)).isZero();

    assertThat(work.out).contains("is done already (31 trajectories, 1 failed)");
    assertThat(work.record().end).isEqualTo(end);
  }

  @Test
  void otherConfigurationIsRefusedWithTheDifferences() throws Exception {
    Path table = work.nested("data", data, 1);
    run(table);
    work.write(
        "network.conf",
        "type = mlp, dim = 2, hidden = [8], activation = tanh,"
            + " initial { distribution = glorot, seed = 5 }");

    assertThat(run(table, "--loss", "mae")).isEqualTo(ExitStatus.BAD_INPUT);

    assertThat(work.err).contains("field-sha256: ", "loss: mse -> mae").hasLineCount(1);
  }

  @Test
  void statusNamesTrajectories() throws Exception {
    run(work.nested("data", data, 1));

    assertThat(work.gradlens("status", work.output.toString())).isZero();

    assertThat(work.out)
        .contains("(ode-gradients)", "trajectories 31 input, 30 ok, 1 failed", "trajectories/s");
  }

  private int run(Path table, String... options) {
    return work.run(
        "ode-gradients",
        "--field",
        field,
        "--trajectories",
        table,
        "--shard-size",
        "10",
        TrajectoryWorkspace.TOLERANCES,
        options);
  }

  private void loseEveryOtherFile() throws Exception {
    List<Path> files;
    try (var all = Files.list(work.output.resolve(TABLE))) {
      files = all.filter(file -> file.toString().endsWith(".parquet")).sorted().toList();
    }
    for (int i = 0; i < files.size(); i += 2) {
      Files.delete(files.get(i));
      Files.deleteIfExists(files.get(i).resolveSibling("." + files.get(i).getFileName() + ".crc"));
    }
  }

  /** What a dead task leaves. */
  private void plantRubbish() throws Exception {
    Path left =
        Files.createDirectories(work.output.resolve(TABLE).resolve("_temporary/0/task_0_m_000000"));
    Path some;
    try (var all = Files.list(work.output.resolve(TABLE))) {
      some = all.filter(file -> file.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
    Files.copy(some, left.resolve("part-00000-x.parquet"));
  }
}
