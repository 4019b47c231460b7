package io.gradlens.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders with CSV files that do not all begin with the same line. */
class CsvFilesTest {

  private TrajectoryWorkspace work;
  private Path folder;

  @BeforeEach
  void prepare(@TempDir Path root) throws Exception {
    work = new TrajectoryWorkspace(root);
    work.network();
    folder = Files.createDirectory(root.resolve("data"));
  }

  private int gradients(Path data) {
    return work.run(
        "ode-gradients",
        "--field",
        work.folder.resolve("network.conf"),
        "--trajectories",
        data,
        "--overwrite",
        TrajectoryWorkspace.TOLERANCES);
  }

  private Path file(String name, String... lines) throws IOException {
    return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
  }

  /** A CSV file with its columns in another order, and one more behind them. */
  private void turned(Path csv, String name) throws IOException {
    List<String> lines = Files.readAllLines(csv);
    var turned = new StringBuilder();
    for (String line : lines) {
      String[] cells = line.split(",", -1);
      String note = line.equals(lines.get(0)) ? "note" : "seen";
      turned.append("%s,%s,%s,%s,%s%n".formatted(cells[3], note, cells[1], cells[0], cells[2]));
    }
    file(name, turned.toString());
  }

  @Test
  void columnsGoByNameInEveryFile() throws Exception {
    List<Row> rows = TrajectoryWorkspace.trajectories(24);
    Path all = work.csv("all.csv", rows);
    assertThat(gradients(all)).as(work.err).isZero();
    Map<String, String> expected = work.content("trajectory_gradients");
    String fingerprint = work.record().dataFingerprint;

    Files.move(work.csv("a.csv", rows.subList(0, 9)), folder.resolve("a.csv"));
    turned(work.csv("b", rows.subList(9, 17)), "b.csv");
    Path c = work.csv("c", rows.subList(17, 24));
    try (var gz = new GZIPOutputStream(Files.newOutputStream(folder.resolve("c.csv.gz")));
        var out = new OutputStreamWriter(gz, StandardCharsets.UTF_8)) {
      out.write(
          "\uFEFF\n" + Files.readString(c).replaceFirst("trajectory_id,t", "trajectory_id, t"));
    }
    file("empty.csv", "");

    assertThat(gradients(folder)).as(work.err).isZero();
    assertThat(work.content("trajectory_gradients")).isEqualTo(expected).hasSize(24);
    assertThat(work.record().dataFingerprint).isEqualTo(fingerprint);
  }

  /** The order of a trajectory's rows is that of the files' names, then of their lines. */
  @Test
  void aTrajectoryMayGoOnInAFileWithAnotherOrder() throws Exception {
    file("part-1.csv", "t,trajectory_id,y2,y1", "0,x,2,1", "0.5,x,,1.5");
    file("part-2.csv", "trajectory_id,t,y1,y2", "x,1,2,3", "x,2,1,1");
    assertThat(gradients(folder)).as(work.err).isZero();
    Map<String, String> twoFiles = work.content("trajectory_gradients");

    Path one =
        work.write("one.csv", "trajectory_id,t,y1,y2\nx,0,1,2\nx,0.5,1.5,\nx,1,2,3\nx,2,1,1\n");
    assertThat(gradients(one)).as(work.err).isZero();
    assertThat(work.content("trajectory_gradients")).isEqualTo(twoFiles);
    assertThat(twoFiles.get("x")).contains("SUCCESS");
  }

  @Test
  void filesWithOtherColumnsAreNamed() throws Exception {
    file("a.csv", "trajectory_id,t,y1,y2", "a,0,1,2", "a,1,1,2");
    file("b.csv", "t,trajectory_id,note,y1", "0,b,none,1");

    assertThat(gradients(folder)).as(work.err).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(work.err)
        .hasLineCount(1)
        .contains(
            "a.csv has trajectory_id, t, y1, y2; ",
            "b.csv has t, trajectory_id, note, y1.",
            "their order does not matter");
    assertThat(work.output.resolve("run.json")).doesNotExist();

    file("b.csv", "t,trajectory_id,y1,y2,y3", "0,b,1,1,1");
    assertThat(gradients(folder)).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(work.err).hasLineCount(1).contains("b.csv has t, trajectory_id, y1, y2, y3");
  }

  @Test
  void initialStatesGoByNameToo() throws Exception {
    file("a.csv", "trajectory_id,y1,y2", "a,1,2");
    file("b.csv", "y2,y1,trajectory_id", "4,3,b");
    String[] options = {
      "--field", work.folder.resolve("network.conf").toString(), "--times", "0:1:2"
    };

    int status =
        work.run("ode-solve", "--initial", folder, options, TrajectoryWorkspace.TOLERANCES);

    assertThat(status).as(work.err).isZero();
    Row b = work.rows("solutions").get("b");
    assertThat(b.getList(b.fieldIndex("y")).get(0).toString()).contains("3.0, 4.0");

    file("b.csv", "y1,trajectory_id", "3,b");
    assertThat(
            work.run(
                "ode-solve",
                "--initial",
                folder,
                options,
                TrajectoryWorkspace.TOLERANCES,
                "--overwrite"))
        .isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(work.err).hasLineCount(1).contains("b.csv has y1, trajectory_id");
  }

  @Test
  void aFileThatIsNoGzipIsNamed() throws Exception {
    file("a.csv", "trajectory_id,t,y1,y2", "a,0,1,2", "a,1,1,2");
    file("b.csv.gz", "trajectory_id,t,y1,y2", "b,0,1,2");

    assertThat(gradients(folder)).as(work.err).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(work.err).hasLineCount(1).contains("1 of its 2 files", "b.csv.gz");
  }
}
