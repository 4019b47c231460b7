package io.gradlens.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradlens.udf.Schemas;
import io.gradlens.udf.TestPictures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainCommandTest {

  private Workspace work;

  @BeforeEach
  void prepare(@TempDir Path folder) throws Exception {
    work = new Workspace(folder);
  }

  @AfterEach
  void giveModelBack() {
    work.close();
  }

  @Test
  void everyInputIsInExactlyOneTable() throws Exception {
    work.withPictures(6);
    work.write("red/text.JPG", "not a picture".getBytes());
    work.write("red/empty.webp", new byte[0]);
    work.write("notes.txt", "no input".getBytes());
    Files.createSymbolicLink(work.images.resolve("gone.png"), Path.of("/no/such/file"));

    int status = work.explain("--shard-size", "4", "--max-failure-fraction", "0.4");

    assertThat(work.err).isEmpty();
    assertThat(status).isEqualTo(ExitStatus.DONE);
    assertThat(Workspace.names(work.explanations()))
        .containsExactly("00.png", "01.png", "02.png", "03.png", "04.png", "05.png");
    Map<String, String> stages =
        work.failures().stream()
            .collect(
                Collectors.toMap(
                    row -> Path.of(row.<String>getAs(Schemas.IMAGE_URI)).getFileName().toString(),
                    row -> row.getAs(Schemas.STAGE)));
    assertThat(stages)
        .isEqualTo(Map.of("text.JPG", "decode", "empty.webp", "decode", "gone.png", "read"));
    assertThat(work.record().counts).isEqualTo(new RunRecord.Counts(9, 6, 3, 1, 0));
    assertThat(work.record().status).isEqualTo(RunRecord.Status.DONE);
    assertThat(work.record().shardsDone).isEqualTo(3);
    assertThat(work.record().dataFingerprint).hasSize(64);
    assertThat(work.out).contains("explanations", work.output.toString());
    assertThat(work.output.resolve(".gradlens.lock")).doesNotExist();
  }

  @Test
  void tooManyFailuresExitWithFourAndEverythingWritten() throws Exception {
    work.withPictures(3).write("bad.png", new byte[] {1, 2, 3});

    assertThat(work.explain()).isEqualTo(ExitStatus.THRESHOLD_BREACHED);

    assertThat(work.err).contains("1 of 4 images failed").doesNotContain("\tat ");
    assertThat(work.explanations()).hasSize(3);
    assertThat(work.failures()).hasSize(1);
    assertThat(work.record().status).isEqualTo(RunRecord.Status.DONE);
  }

  @Test
  void runThatIsDoneDoesNothingButSaySo() throws Exception {
    work.withPictures(3).explain();
    String record = Files.readString(work.output.resolve("run.json"));
    int forwards = work.network.forwards.get();

    assertThat(work.explain()).isEqualTo(ExitStatus.DONE);

    assertThat(work.out).contains("done already", "--overwrite");
    assertThat(Files.readString(work.output.resolve("run.json"))).isEqualTo(record);
    assertThat(work.network.forwards).hasValue(forwards);
  }

  @Test
  void sameRunTwiceGivesEqualTables() throws Exception {
    work.withPictures(11);
    String[] options = {
      "--target", "top2,class:dark", "--layer", "patches,quarters", "--signed", "--overlay", "png"
    };
    work.explain(options);
    Map<String, String> first = work.content();
    assertThat(first).hasSizeGreaterThan(11 * 2 * 2);

    work.explain(withMore(options, "--overwrite", "--shard-size", "3", "--master", "local[1]"));

    assertThat(work.content()).isEqualTo(first);
    assertThat(work.record().attempt).isEqualTo(1);
  }

  @Test
  void otherConfigurationIsRefusedWithTheDifferences() throws Exception {
    work.withPictures(2).explain("--layer", "patches");

    assertThat(work.explain("--layer", "quarters", "--target", "top2"))
        .isEqualTo(ExitStatus.BAD_INPUT);

    assertThat(work.err).contains("layer: patches -> quarters", "target: top1 -> top2");
    assertThat(work.err.lines()).hasSize(1);
    assertThat(work.explanations()).hasSize(2);
  }

  @Test
  void labelsComeFromFoldersOrAFile() throws Exception {
    work.withPictures(2);
    work.explain("--labels", "parent-folder", "--target", "label");
    assertThat(work.explanations())
        .extracting(row -> row.<String>getAs(Schemas.TARGET_LABEL))
        .containsExactlyInAnyOrder("red", "blue");

    Path labels =
        Files.writeString(
            work.folder.resolve("labels.csv"), "path,label\nred/00.png,green\n01.png,3\n");
    work.explain("--overwrite", "--labels", labels.toString(), "--target", "label");
    assertThat(work.explanations())
        .extracting(row -> row.<String>getAs(Schemas.TARGET_LABEL))
        .containsExactlyInAnyOrder("green", "dark");
  }

  @Test
  void tableIsCutIntoShardsWithoutLosingARow() throws Exception {
    List<Row> rows =
        java.util.stream.IntStream.range(0, 23)
            .mapToObj(
                i -> RowFactory.create("no/%02d.png".formatted(i), TestPictures.noise(i), "red"))
            .toList();
    String table = work.folder.resolve("table").toString();
    var images = Workspace.spark().createDataFrame(rows, Schemas.IMAGES);
    images.limit(13).coalesce(1).write().parquet(table);
    images.exceptAll(images.limit(13)).repartition(5).write().mode("append").parquet(table);

    int status =
        work.explain(
            "--images", table, "--target", "label", "--shard-size", "4", "--verbose=false");

    assertThat(work.err).isEmpty();
    assertThat(status).isEqualTo(ExitStatus.DONE);
    assertThat(Workspace.names(work.explanations())).hasSize(23).doesNotHaveDuplicates();
    assertThat(work.record().shards).isGreaterThanOrEqualTo(6);
    assertThat(work.record().counts.input()).isEqualTo(23);

    assertThat(work.explain("--images", table, "--limit", "7", "--overwrite"))
        .isEqualTo(ExitStatus.DONE);
    assertThat(work.explanations()).hasSize(7);
  }

  @Test
  void redactedOutputHoldsNoPath() throws Exception {
    work.withPictures(2).write("bad.png", new byte[] {1});
    Files.createSymbolicLink(work.images.resolve("gone.png"), Path.of("/no/such/file"));

    work.explain("--redact-paths", "--max-failure-fraction", "1");

    assertThat(work.explanations()).hasSize(2);
    assertThat(work.failures()).hasSize(2);
    String everything =
        work.explanations().toString()
            + work.failures()
            + Files.readString(work.output.resolve("run.json"));
    assertThat(everything).doesNotContain(work.images.toString()).doesNotContain("bad.png");
  }

  static String[] withMore(String[] options, String... more) {
    return java.util.stream.Stream.concat(
            java.util.Arrays.stream(options), java.util.Arrays.stream(more))
        .toArray(String[]::new);
  }
}
