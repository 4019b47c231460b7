package io.gradlens.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * The content of a run folder's lock.
 *
 * @param owner who took it
 * @param time when
 * @param token tells one claim from another of the same process
 */
record Lock(Owner owner, String time, String token) {

  private static final ObjectMapper JSON = new ObjectMapper();

  static Lock mine() {
    return new Lock(Owner.self(), RunRecord.now(), UUID.randomUUID().toString());
  }

  /** A lock that cannot be read is held by nobody known, since long ago. */
  static Lock parse(String text) {
    try {
      return JSON.readValue(text, Lock.class);
    } catch (JsonProcessingException e) {
      return new Lock(new Owner("unknown", 0, ""), Instant.EPOCH.toString(), "");
    }
  }

  String toJson() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * @param record what run.json says
   * @return false once the owner is known to be dead, or silent for 60 s
   */
  boolean isHeld(Optional<RunRecord> record) {
    if (owner.isDeadHere()) {
      return false;
    }
    boolean fresh = Duration.between(Instant.parse(time), Instant.now()).toSeconds() < 60;
    return fresh || record.map(RunRecord::isAlive).orElse(false);
  }
}
