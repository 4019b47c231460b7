package io.gradlens.udf;

import java.io.Serializable;
import java.util.UUID;

/**
 * Which run a row comes from.
 *
 * @param runId the same for every attempt
 * @param attempt 1 for the first, one more for every resume
 * @param configSha256 of all settings that rows depend on
 */
public record RunIdentity(String runId, int attempt, String configSha256) implements Serializable {

  /** A run of its own, for code and notebooks. */
  static RunIdentity adHoc(ExplainPlan plan) {
    return new RunIdentity(UUID.randomUUID().toString(), 1, plan.configuration().sha256());
  }
}
