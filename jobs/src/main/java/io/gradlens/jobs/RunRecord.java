package io.gradlens.jobs;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.gradlens.UserInputException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;

/** What {@code run.json} says; its fields in snake case are the file's keys. */
@JsonAutoDetect(
    fieldVisibility = Visibility.ANY,
    getterVisibility = Visibility.NONE,
    isGetterVisibility = Visibility.NONE)
@JsonIgnoreProperties(ignoreUnknown = true)
final class RunRecord {

  /** Whether a run goes on. */
  enum Status {
    RUNNING,
    DONE,
    FAILED
  }

  /**
   * What became of the inputs: ok + failed = input once the run is done.
   *
   * @param input inputs that the run has
   * @param ok those in explanations
   * @param failed those in failures
   * @param ignored files in the folder that are no inputs
   * @param skipped inputs that this attempt found done by an earlier one; ok or failed as well
   */
  record Counts(long input, long ok, long failed, long ignored, long skipped) {}

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT);

  String command;
  String runId;
  int attempt;
  Status status;
  String start;
  String end;
  String heartbeat;
  Owner owner;
  String configSha256;
  Map<String, String> configuration = new TreeMap<>();
  String modelSha256;
  String dataFingerprint;
  Counts counts = new Counts(0, 0, 0, 0, 0);

  @JsonInclude(Include.NON_NULL)
  Double imagesPerSecond;

  @JsonInclude(Include.NON_NULL)
  Double trajectoriesPerSecond;

  int shardsDone;
  int shards;
  double maxFailureFraction = 1;
  boolean retrying;
  long seed;
  Map<String, String> versions;
  String error;

  /** The largest relative error of gradients that were checked against differences. */
  @JsonInclude(Include.NON_NULL)
  Double worstFdRelativeError;

  /** What it may be, where the command says so. */
  @JsonInclude(Include.NON_NULL)
  Double fdThreshold;

  /** The command's once the run has ended, whatever spark-submit says of it. */
  @JsonInclude(Include.NON_NULL)
  Integer exitStatus;

  /**
   * @throws UserInputException if the text is not a run's record
   */
  static RunRecord parse(String text) {
    try {
      return JSON.readValue(text, RunRecord.class);
    } catch (JsonProcessingException e) {
      throw new UserInputException("run.json is damaged: %s.".formatted(e.getOriginalMessage()), e);
    }
  }

  String toJson() {
    try {
      return JSON.writeValueAsString(this) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The present moment as the record writes it. */
  static String now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
  }

  /** Ends the run; its counts and checks are complete by now. */
  void done() {
    end(Status.DONE, isBreached() ? ExitStatus.THRESHOLD_BREACHED : ExitStatus.DONE);
  }

  /** Ends the run where it could not go on. */
  void failed(String why, int itsExitStatus) {
    error = why;
    end(Status.FAILED, itsExitStatus);
  }

  private void end(Status outcome, int itsExitStatus) {
    status = outcome;
    end = now();
    exitStatus = itsExitStatus;
  }

  /** Seconds since the owner last showed that it lives. */
  long heartbeatAge() {
    return heartbeat == null
        ? Long.MAX_VALUE
        : ChronoUnit.SECONDS.between(Instant.parse(heartbeat), Instant.now());
  }

  /** True while another process may be writing: neither ended, nor silent, nor known to be dead. */
  boolean isAlive() {
    return status == Status.RUNNING
        && heartbeatAge() < 60
        && !(owner != null && owner.isDeadHere());
  }

  /** What its inputs are. */
  String inputs() {
    return trajectoriesPerSecond == null ? "images" : "trajectories";
  }

  /** Inputs a second, without those that were done before. */
  double rate() {
    return trajectoriesPerSecond != null
        ? trajectoriesPerSecond
        : imagesPerSecond != null ? imagesPerSecond : 0;
  }

  /** Whether more failed, or gradients are further from differences, than the command allows. */
  boolean isBreached() {
    boolean manyFailed =
        counts.input() > 0 && counts.failed() > maxFailureFraction * counts.input();
    boolean farOff =
        worstFdRelativeError != null
            && fdThreshold != null
            && !(worstFdRelativeError <= fdThreshold);
    return manyFailed || farOff;
  }
}
