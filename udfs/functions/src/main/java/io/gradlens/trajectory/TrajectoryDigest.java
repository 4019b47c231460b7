package io.gradlens.trajectory;

import io.gradlens.udf.Digests;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/**
 * SHA-256 of a trajectory: its id in UTF-8, a zero, and as 64-bit words, big-endian, the number of
 * its times, the times, the states, and the initial state where it came from a table of its own.
 * All NaN and missing numbers are one. So the digest is the same for every layout and order.
 */
final class TrajectoryDigest {

  private final MessageDigest sha256 = Digests.newSha256();
  private ByteBuffer words = ByteBuffer.allocate(1024);

  /**
   * @param hasInitial whether y0 is data of its own
   */
  byte[] of(Trajectory trajectory, boolean hasInitial) {
    double[] ys = trajectory.ys() == null ? new double[0] : trajectory.ys();
    double[] y0 = hasInitial && trajectory.y0() != null ? trajectory.y0() : new double[0];
    int bytes = Long.BYTES * (1 + trajectory.ts().length + ys.length + y0.length);
    if (words.capacity() < bytes) {
      words = ByteBuffer.allocate(2 * bytes);
    }
    words.clear();
    words.putLong(trajectory.ts().length);
    put(trajectory.ts());
    put(ys);
    put(y0);
    sha256.update(trajectory.id().getBytes());
    sha256.update((byte) 0);
    sha256.update(words.array(), 0, words.position());
    return sha256.digest();
  }

  private void put(double[] values) {
    for (double value : values) {
      words.putLong(Double.doubleToLongBits(value));
    }
  }
}
