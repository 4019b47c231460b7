package io.gradlens.jobs;

import io.gradlens.train.TrajectoryBlocks;
import java.io.Serializable;
import java.util.Set;

/**
 * Which trajectories are not learned from: those that are named, or a fraction by a hash of ids.
 *
 * @param ids those that are named; null where the hash decides
 * @param fraction of all trajectories
 * @param seed of the hash
 */
record HeldOut(Set<String> ids, double fraction, long seed) implements Serializable {

  boolean isNone() {
    return ids == null && fraction == 0;
  }

  boolean has(String id) {
    return ids == null ? TrajectoryBlocks.isHeldOut(id, fraction, seed) : ids.contains(id);
  }
}
