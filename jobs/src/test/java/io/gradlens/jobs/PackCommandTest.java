package io.gradlens.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradlens.jobs.RunRecord.Counts;
import io.gradlens.jobs.RunRecord.Status;
import io.gradlens.udf.Digests;
import io.gradlens.udf.Schemas;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackCommandTest {
  private Workspace work;

  @BeforeEach
  void prepare(@TempDir Path folder) throws IOException {
    work = new Workspace(folder).withPictures(10);
    work.write("notes.txt", new byte[3]);
  }

  @AfterEach
  void giveModelBack() {
    work.close();
  }

  private int pack(String... more) {
    List<String> args = new ArrayList<>(List.of("pack", "--output", work.output.toString()));
    args.addAll(List.of("--images", work.images.toString(), "--master", "local[2]"));
    args.addAll(List.of(more));
    return work.run(args.toArray(String[]::new));
  }

  /** Label and digest of the content by path. */
  private Map<String, String> packed() {
    Map<String, String> rows = new TreeMap<>();
    for (Row row : work.table("images", Schemas.IMAGES).collectAsList()) {
      String value = row.getString(2) + " " + Digests.sha256(row.<byte[]>getAs(Schemas.CONTENT));
      assertThat(rows.put(row.getString(0), value)).as("a second row of one path").isNull();
    }
    return rows;
  }

  private List<Path> parquetFiles() throws IOException {
    try (var files = Files.list(work.output.resolve("images"))) {
      return files.filter(file -> file.toString().endsWith(".parquet")).sorted().toList();
    }
  }

  /** Larger than any picture, and taking no space on the disk. */
  private void writeHugeFile() throws IOException {
    try (var file = new RandomAccessFile(work.images.resolve("red/huge.png").toFile(), "rw")) {
      file.setLength((1L << 30) + 1);
    }
  }

  @Test
  void everyFileIsARowAndExplainSeesNoDifference() throws Exception {
    int status = pack("--labels", "parent-folder", "--rows-per-file", "3");

    assertThat(status).as(work.err).isZero();
    Map<String, String> rows = packed();
    assertThat(rows).hasSize(10);
    byte[] red = Files.readAllBytes(work.images.resolve("red/00.png"));
    assertThat(rows)
        .containsEntry("file:" + work.images.resolve("red/00.png"), "red " + Digests.sha256(red));
    assertThat(parquetFiles()).hasSize(4);
    assertThat(work.failures()).isEmpty();
    assertThat(work.record().counts).isEqualTo(new Counts(10, 10, 0, 1, 0));
    assertThat(work.record().status).isEqualTo(Status.DONE);

    Path images = Files.move(work.output.resolve("images"), work.folder.resolve("table"));
    assertThat(work.explain("--labels", "parent-folder", "--overwrite")).as(work.err).isZero();
    Map<String, String> ofFiles = work.content();
    assertThat(work.explain("--images", images.toString(), "--overwrite")).as(work.err).isZero();
    assertThat(work.content()).isEqualTo(ofFiles);
  }

  @Test
  void fileThatCannotBeReadIsAFailure() throws Exception {
    writeHugeFile();

    assertThat(pack("--max-failure-fraction", "0.05")).isEqualTo(ExitStatus.THRESHOLD_BREACHED);

    assertThat(packed()).hasSize(10);
    assertThat(work.failures()).hasSize(1);
    Row failure = work.failures().get(0);
    assertThat(failure.<String>getAs(Schemas.IMAGE_URI)).endsWith("red/huge.png");
    assertThat(failure.<String>getAs(Schemas.STAGE)).isEqualTo("read");
    assertThat(failure.<String>getAs(Schemas.MESSAGE)).contains("1073741825 bytes");
    assertThat(work.record().counts).isEqualTo(new Counts(11, 10, 1, 1, 0));
    assertThat(pack("--max-failure-fraction", "0.05")).isEqualTo(ExitStatus.THRESHOLD_BREACHED);
    assertThat(pack("--max-failure-fraction", "0.5")).isZero();
  }

  @Test
  void runThatWasInterruptedGoesOn() throws Exception {
    writeHugeFile();
    String[] options = {"--rows-per-file", "2", "--shard-size", "4", "--redact-paths"};
    assertThat(pack(options)).isEqualTo(ExitStatus.THRESHOLD_BREACHED);
    Map<String, String> whole = packed();
    assertThat(whole.keySet()).allMatch(path -> path.startsWith("sha256:"));
    // As if it had been killed before the last files were visible.
    Files.delete(parquetFiles().get(0));
    Files.delete(parquetFiles().get(3));
    int left = packed().size();
    assertThat(left).isBetween(5, 7);
    Path json = work.output.resolve("run.json");
    Files.writeString(json, Files.readString(json).replace("\"DONE\"", "\"FAILED\""));

    assertThat(pack(options)).as(work.err).isEqualTo(ExitStatus.THRESHOLD_BREACHED);

    assertThat(packed()).isEqualTo(whole);
    assertThat(work.failures()).hasSize(1);
    assertThat(work.record().attempt).isEqualTo(2);
    assertThat(work.record().counts).isEqualTo(new Counts(11, 10, 1, 1, left + 1));
  }

  @Test
  void sizesMayBeAsLargeAsTheyGet() throws Exception {
    String most = Integer.toString(Integer.MAX_VALUE);

    assertThat(pack("--rows-per-file", most, "--shard-size", most)).as(work.err).isZero();

    assertThat(packed()).hasSize(10);
    assertThat(parquetFiles()).hasSize(1);
    assertThat(pack("--rows-per-file", most, "--overwrite")).as(work.err).isZero();
    assertThat(packed()).hasSize(10);
  }

  @Test
  void mistakesAreOneLine() {
    assertThat(pack("--rows-per-file", "0")).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(work.err).contains("--rows-per-file must be at least 1, got 0");
    assertThat(pack("--retry-failures")).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(work.err).contains("--overwrite");
    assertThat(pack("--labels", "column")).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(work.err.lines()).hasSize(1);
    assertThat(pack()).as(work.err).isZero();
    String table = work.output.resolve("images").toString();
    assertThat(pack("--images", table, "--output", work.folder.resolve("again").toString()))
        .isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(work.err).contains("is a table already");
  }
}
