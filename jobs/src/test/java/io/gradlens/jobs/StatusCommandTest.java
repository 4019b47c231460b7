package io.gradlens.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradlens.UserInputException;
import io.gradlens.jobs.RunRecord.Counts;
import io.gradlens.jobs.RunRecord.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The exit status of {@code gradlens status} is the run's outcome. */
class StatusCommandTest {

  @TempDir private Path folder;

  private int statusOf(Consumer<RunRecord> change) throws Exception {
    RunRecord record = new RunRecord();
    record.runId = "a run";
    record.command = "explain";
    record.attempt = 1;
    record.status = Status.RUNNING;
    record.start = RunRecord.now();
    record.heartbeat = RunRecord.now();
    record.owner = Owner.self();
    change.accept(record);
    Files.writeString(folder.resolve(RunFolder.RECORD), record.toJson());
    return Gradlens.run("status", folder.toString());
  }

  @Test
  void runThatIsDoneHasItsOwn() throws Exception {
    assertThat(statusOf(RunRecord::done)).isZero();
    assertThat(statusOf(record -> done(record, 5))).isZero();
    assertThat(statusOf(record -> done(record, 6))).isEqualTo(4);
  }

  private static void done(RunRecord record, int failed) {
    record.maxFailureFraction = 0.05;
    record.counts = new Counts(100, 100 - failed, failed, 0, 0);
    record.done();
  }

  @Test
  void gradientsTooFarFromDifferencesAreABreach() throws Exception {
    assertThat(statusOf(record -> checked(record, 1e-7))).isZero();
    assertThat(statusOf(record -> checked(record, 1e-5))).isEqualTo(4);
    assertThat(statusOf(record -> checked(record, Double.NaN))).isEqualTo(4);
  }

  private static void checked(RunRecord record, double worst) {
    record.fdThreshold = 1e-6;
    record.worstFdRelativeError = worst;
    record.done();
  }

  @Test
  void mistakesAndBugsAreToldApart() throws Exception {
    int mistake = ExitStatus.of(new RuntimeException(new UserInputException("no such layer")));
    int bug = ExitStatus.of(new IllegalStateException("a bug"));

    assertThat(statusOf(record -> record.failed("no such layer", mistake))).isEqualTo(2);
    assertThat(statusOf(record -> record.failed("a bug", bug))).isEqualTo(3);
  }

  @Test
  void runWithoutAnOutcomeIsToldFromOneWhoseProcessIsGone() throws Exception {
    assertThat(statusOf(record -> {})).isEqualTo(1);
    assertThat(statusOf(record -> record.owner = new Owner(record.owner.host(), 1L << 30, "then")))
        .isEqualTo(3);
    assertThat(statusOf(StatusCommandTest::silence)).isEqualTo(3);
  }

  private static void silence(RunRecord record) {
    record.owner = new Owner("another-host", 1, "then");
    record.heartbeat = Instant.now().minusSeconds(90).toString();
  }

  @Test
  void folderWithoutARunIsAMistake() {
    assertThat(Gradlens.run("status", folder.toString())).isEqualTo(2);
  }
}
