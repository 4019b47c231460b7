package io.gradlens.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradlens.UserInputException;
import io.gradlens.udf.Settings;
import java.nio.file.Files;
import java.time.Instant;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {

  private static final Settings SETTINGS = new Settings(new TreeMap<>());

  @TempDir private java.nio.file.Path temporary;
  private Path folder;

  @BeforeEach
  void name() {
    folder = new Path(temporary.toUri());
  }

  @Test
  void folderHasOneOwnerAtATime() {
    try (RunFolder first = claim()) {
      assertThatThrownBy(this::claim)
          .isInstanceOf(UserInputException.class)
          .hasMessageContaining("process " + ProcessHandle.current().pid());
      first.checkOwnership();
    }
    claim().close();
  }

  @Test
  void lockOfADeadProcessIsTakenOverAtOnce() throws Exception {
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    Owner owner = new Owner(Owner.self().host(), dead.pid(), "then");
    plant(new Lock(owner, RunRecord.now(), "x"));

    claim().close();
  }

  @Test
  void lockOfAnotherHostIsTakenOverAfterAMinuteOfSilence() throws Exception {
    Owner owner = new Owner("another-host", 1, "then");
    plant(new Lock(owner, Instant.now().minusSeconds(30).toString(), "x"));
    assertThatThrownBy(this::claim).hasMessageContaining("another-host");

    plant(new Lock(owner, Instant.now().minusSeconds(90).toString(), "x"));
    claim().close();
  }

  @Test
  void ownerThatWasSilentTooLongWritesNoMore() throws Exception {
    RunFolder slow = claim();
    RunRecord record = slow.begin(SETTINGS);
    slow.write(record);
    plant(new Lock(Owner.self(), RunRecord.now(), "taken over"));

    assertThatThrownBy(slow::checkOwnership).hasMessageContaining("taken over");
    assertThatThrownBy(() -> slow.write(record)).hasMessageContaining("taken over");
    slow.close();
    assertThat(temporary.resolve(".gradlens.lock")).as("the new owner's").exists();
  }

  @Test
  void processNumberThatIsUsedAgainIsNotTheOwner() {
    Owner self = Owner.self();

    assertThat(self.isDeadHere()).isFalse();
    assertThat(new Owner(self.host(), self.pid(), "earlier").isDeadHere()).isTrue();
    assertThat(new Owner("another-host", self.pid(), "earlier").isDeadHere()).isFalse();
  }

  @Test
  void attemptsOfARunKeepItsIdAndStart() {
    String runId;
    String start;
    try (RunFolder first = claim()) {
      RunRecord record = first.begin(SETTINGS);
      runId = record.runId;
      start = record.start;
      assertThat(record.attempt).isEqualTo(1);
      first.write(record);
    }
    try (RunFolder second = claim()) {
      RunRecord record = second.begin(SETTINGS);
      assertThat(record.attempt).isEqualTo(2);
      assertThat(record.runId).isEqualTo(runId);
      assertThat(record.start).isEqualTo(start);
    }
  }

  @Test
  void damagedRecordIsRefused() throws Exception {
    Files.writeString(temporary.resolve("run.json"), "{");

    assertThatThrownBy(() -> RunFolder.read(folder, new Configuration()))
        .isInstanceOf(UserInputException.class)
        .hasMessageContaining("run.json is damaged");
  }

  private RunFolder claim() {
    return RunFolder.claim(folder, new Configuration());
  }

  private void plant(Lock lock) throws Exception {
    Files.writeString(temporary.resolve(".gradlens.lock"), lock.toJson());
  }
}
