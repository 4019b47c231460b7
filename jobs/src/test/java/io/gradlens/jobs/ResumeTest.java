package io.gradlens.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradlens.udf.Schemas;
import io.gradlens.udf.TestPictures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumeTest {

  private static final String[] OPTIONS = {
    "--shard-size",
    "2",
    "--target",
    "top2,class:dark",
    "--method",
    "grad-cam,layer-cam",
    "--max-failure-fraction",
    "1"
  };

  private Workspace work;
  private String runId;
  private Map<String, String> whole;

  @BeforeEach
  void runOnce(@TempDir Path folder) throws Exception {
    work = new Workspace(folder).withPictures(9);
    work.write("bad1.png", new byte[] {1});
    work.write("bad2.png", new byte[] {2});
    work.write("bad3.png", new byte[] {3});
    work.explain(OPTIONS);
    runId = work.record().runId;
    whole = work.content();
  }

  @AfterEach
  void giveModelBack() {
    work.close();
  }

  @Test
  void killedRunEndsWithEveryInputOnce() throws Exception {
    work.loseEveryOtherFile("explanations");
    work.loseEveryOtherFile("failures");
    work.pretendKilled();
    assertThat(work.content().size()).isLessThan(whole.size());

    assertThat(work.explain(OPTIONS)).isEqualTo(ExitStatus.DONE);

    assertThat(work.content()).isEqualTo(whole);
    assertThat(Workspace.names(work.failures()))
        .containsExactly("bad1.png", "bad2.png", "bad3.png");
    RunRecord record = work.record();
    assertThat(record.runId).isEqualTo(runId);
    assertThat(record.attempt).isEqualTo(2);
    assertThat(record.counts.ok()).isEqualTo(9);
    assertThat(record.counts.failed()).isEqualTo(3);
    assertThat(record.counts.skipped()).isBetween(1L, 11L);
    assertThat(work.explanations())
        .extracting(row -> row.<Integer>getAs(Schemas.ATTEMPT))
        .contains(1, 2);
  }

  @Test
  void imageOfWhichRowsAreMissingGetsThoseAndNoOthers() throws Exception {
    Dataset<Row> table = work.table("explanations", Schemas.EXPLANATIONS);
    List<Row> kept =
        table.collectAsList().stream()
            .filter(
                row ->
                    !(row.<String>getAs(Schemas.IMAGE_URI).endsWith("03.png")
                        && row.<Integer>getAs(Schemas.TARGET_RANK) == 2))
            .toList();
    assertThat(kept).hasSize(whole.size() - 2);
    Workspace.spark()
        .createDataFrame(kept, Schemas.EXPLANATIONS)
        .coalesce(1)
        .write()
        .mode("overwrite")
        .parquet(work.output.resolve("explanations").toString());
    work.pretendKilled();

    work.explain(OPTIONS);

    assertThat(work.content()).isEqualTo(whole);
    assertThat(work.record().counts.skipped()).isEqualTo(11);
  }

  @Test
  void whatDeadTasksLeftIsNotAdded() throws Exception {
    Path left = work.output.resolve("explanations/_temporary/0/task_202601010000_0001_m_000000");
    Files.createDirectories(left);
    Files.copy(work.parquetFiles("explanations").get(0), left.resolve("part-00000-x.parquet"));
    Files.delete(work.parquetFiles("explanations").get(1));
    work.pretendKilled();

    work.explain(OPTIONS);

    assertThat(work.content()).isEqualTo(whole);
  }

  @Test
  void fileThatHasChangedIsAnotherImage() throws Exception {
    work.write("red/00.png", TestPictures.noise(99));
    work.pretendKilled();

    work.explain(OPTIONS);

    assertThat(
            work.explanations().stream()
                .filter(row -> row.<String>getAs(Schemas.IMAGE_URI).endsWith("00.png"))
                .map(row -> row.<String>getAs(Schemas.IMAGE_SHA256))
                .distinct())
        .hasSize(2);
    assertThat(work.record().counts.ok()).isEqualTo(9);
  }

  @Test
  void failuresAreLeftAloneUntilTheyAreToBeRetried() throws Exception {
    work.write("bad1.png", TestPictures.noise(50));
    work.pretendKilled();
    work.write("bad2.png", new byte[] {2});
    work.explain(OPTIONS);
    // bad1 has other bytes, so it is another image; bad2 and bad3 are what they were.
    assertThat(work.record().counts.skipped()).isEqualTo(11);

    work.write("bad2.png", TestPictures.noise(51));
    assertThat(work.explain(ExplainCommandTest.withMore(OPTIONS, "--retry-failures")))
        .isEqualTo(ExitStatus.DONE);

    assertThat(Workspace.names(work.failures())).containsExactly("bad3.png");
    assertThat(work.failures().get(0).<Integer>getAs(Schemas.ATTEMPT)).isEqualTo(3);
    assertThat(Workspace.names(work.explanations())).contains("bad1.png", "bad2.png");
    assertThat(work.record().counts.ok()).isEqualTo(11);
    assertThat(work.record().counts.failed()).isEqualTo(1);
    assertThat(work.record().runId).isEqualTo(runId);
    work.content();
  }

  @Test
  void swapOfFailuresThatWasInterruptedIsEnded() throws Exception {
    Files.move(work.output.resolve("failures"), work.output.resolve("_failures.next"));
    work.pretendKilled();

    work.explain(OPTIONS);

    assertThat(Workspace.names(work.failures()))
        .containsExactly("bad1.png", "bad2.png", "bad3.png");
    assertThat(work.record().counts.skipped()).isEqualTo(12);
    assertThat(work.output.resolve("_failures.next")).doesNotExist();
  }

  @Test
  void runThatLivesIsLeftAlone() throws Exception {
    RunRecord record = work.record();
    record.status = RunRecord.Status.RUNNING;
    record.owner = new Owner("another-host", 1, "today");
    record.heartbeat = RunRecord.now();
    Files.writeString(work.output.resolve("run.json"), record.toJson());

    assertThat(work.explain(OPTIONS)).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(work.err).contains("another-host").hasLineCount(1);
    assertThat(work.explain(ExplainCommandTest.withMore(OPTIONS, "--overwrite")))
        .as("not even --overwrite takes it")
        .isEqualTo(ExitStatus.BAD_INPUT);

    record.heartbeat = java.time.Instant.now().minusSeconds(61).toString();
    Files.writeString(work.output.resolve("run.json"), record.toJson());
    assertThat(work.explain(OPTIONS)).isEqualTo(ExitStatus.DONE);
    assertThat(work.content()).isEqualTo(whole);
  }

  @Test
  void tablesWithoutARecordAreNotTouched() throws Exception {
    Files.delete(work.output.resolve("run.json"));

    assertThat(work.explain(OPTIONS)).isEqualTo(ExitStatus.BAD_INPUT);

    assertThat(work.err).contains("no run.json").hasLineCount(1);
    assertThat(work.content()).isEqualTo(whole);
  }
}
